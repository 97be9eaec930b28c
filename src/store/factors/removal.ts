// Removing factors in D1, each group of statements under a condition, for the batch of the write that removes them.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { recoveryCodes, totp } from '../d1/schema/factors.ts';
import { passkeys } from '../d1/schema/passkeys.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { ONE_FACTOR } from '../sessions/authentication.ts';
import { hasFactor } from './conditions.ts';

/** Removes an account's authenticator app, confirmed or not, with its recovery codes. */
export const deleteTotp = (db: Db, accountId: number, condition: SQL) => ({
  recoveryCodes: db.delete(recoveryCodes).where(sql`${recoveryCodes.accountId} = ${accountId} AND ${condition}`),
  totp: db
    .delete(totp)
    .where(sql`${totp.accountId} = ${accountId} AND ${condition}`)
    .returning({ accountId: totp.accountId }),
});

/** Removes every factor of an account. */
export const deleteFactors = (db: Db, accountId: number, condition: SQL) => ({
  ...deleteTotp(db, accountId, condition),
  passkeys: db.delete(passkeys).where(sql`${passkeys.accountId} = ${accountId} AND ${condition}`),
});

/**
 * Removes what was enrolled since a time (milliseconds since the epoch) by the account that a subquery finds, and what
 * waits to be confirmed. Challenges that wait for a passkey end with the sessions that asked for them.
 */
export const deleteFactorsSince = (db: Db, accountId: SQL, since: SQL) => ({
  recoveryCodes: db
    .delete(recoveryCodes)
    .where(sql`${recoveryCodes.accountId} IN (${accountId}) AND ${recoveryCodes.createdAt} >= ${since}`),
  totp: db
    .delete(totp)
    .where(
      sql`${totp.accountId} IN (${accountId}) AND (${totp.confirmedAt} IS NULL OR ${totp.confirmedAt} >= ${since})`,
    ),
  passkeys: db
    .delete(passkeys)
    .where(sql`${passkeys.accountId} IN (${accountId}) AND ${passkeys.createdAt} >= ${since}`),
});

/** The events of the factors that `deleteFactors` removes. They come before it in the batch. */
export function factorEvents(db: Db, accountId: number, condition: SQL, audit: AuditContext) {
  const isConfirmed = sql`FROM ${totp} WHERE ${totp.accountId} = ${accountId} AND ${totp.confirmedAt} IS NOT NULL`;
  const isTheirs = sql`FROM ${passkeys} WHERE ${passkeys.accountId} = ${accountId}`;
  return {
    totpEvent: totpEvent(db, 'factor.removed', sql`${isConfirmed} AND ${condition}`, audit),
    passkeyEvents: passkeyEvent(db, 'passkey.removed', sql`${isTheirs} AND ${condition}`, audit),
  };
}

export const totpEvent = (db: Db, action: 'factor.enrolled' | 'factor.removed', from: SQL, audit: AuditContext) => {
  const detail = sql`json_object('factor', 'totp')`;
  return auditEach(db, { action, from, account: sql`${totp.accountId}`, detail }, audit);
};

export const passkeyEvent = (db: Db, action: 'passkey.added' | 'passkey.removed', from: SQL, audit: AuditContext) => {
  const detail = sql`json_object('passkey_id', ${passkeys.id}, 'name', ${passkeys.name})`;
  return auditEach(db, { action, from, account: sql`${passkeys.accountId}`, detail }, audit);
};

/** Sessions of an account without a second factor count as proven by one. It must come after the removal. */
export const forgetSecondFactors = (db: Db, accountId: number) =>
  db
    .update(sessions)
    .set({ amr: ONE_FACTOR })
    .where(sql`${sessions.accountId} = ${accountId} AND ${sessions.amr} <> ${ONE_FACTOR}
      AND NOT ${hasFactor(accountId)}`);
