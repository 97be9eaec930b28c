// Recovery codes in D1, as MACs.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { Factors } from '../../domain/factors/factor.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { recoveryCodes, totp } from '../d1/schema/factors.ts';
import { queueMail } from '../mail/queue.ts';
import { isConfirmed, ownerWhere } from './conditions.ts';

export const recoveryCodesIn = (database: Database): Pick<Factors, 'replaceRecoveryCodes'> => ({
  async replaceRecoveryCodes(hashes, notice, audit) {
    const db = database.primary;
    const accountId = audit.actorId;
    const from = sql`FROM ${totp} WHERE ${isConfirmed(accountId)} AND ${holds(audit.authority, audit.now)}`;
    const { authority, made } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      earlier: db
        .delete(recoveryCodes)
        .where(sql`${recoveryCodes.accountId} = ${accountId} AND EXISTS (SELECT 1 ${from})`),
      event: auditEach(db, { action: 'recovery_codes.made', from, account: sql`${totp.accountId}` }, audit),
      made: insertCodes(db, hashes, from, audit),
      ...queueMail(db, notice, { from: ownerWhere(accountId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
    });
    if (made.length > 0) return 'replaced';
    return refuse(refuseEnded(authority) ? 'token_revoked' : 'factor_not_found');
  },
});

/** Stores codes for the account that `from` finds, a FROM clause over totp. */
export const insertCodes = (db: Db, hashes: readonly string[], from: SQL, audit: AuditContext) =>
  db
    .insert(recoveryCodes)
    .select(
      sql`SELECT owner.account_id, hashes.value, ${audit.now}
        FROM (SELECT ${totp.accountId} ${from}) AS owner, json_each(${JSON.stringify(hashes)}) AS hashes WHERE 1`,
    )
    .returning({ hash: recoveryCodes.hash });
