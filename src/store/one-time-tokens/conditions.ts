// Conditions on one-time tokens: which are live, and how many mails an account may still ask for.
import { type SQL, sql } from 'drizzle-orm';
import { type OneTimePurpose, REQUESTS_PER_HOUR } from '../../domain/one-time-tokens/one-time-token.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { oneTimeTokens } from '../d1/schema/mail.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

/** Not used, not superseded, and not expired. */
const isLiveToken = (now: number): SQL => sql`${oneTimeTokens.endedAt} IS NULL AND ${oneTimeTokens.expiresAt} > ${now}`;

/**
 * The id of the account that a live token is for, as a subquery. A token that verifies or resets is good for the email
 * that it was mailed to; one that undoes is good whatever the email is now.
 */
export const ownerOf = (tokenId: string, purpose: OneTimePurpose, now: number): SQL => {
  const sameEmail = purpose === 'undo_email' ? sql`1` : sql`owner.email_key = ${oneTimeTokens.emailKey}`;
  return sql`SELECT owner.id FROM ${oneTimeTokens} JOIN ${accounts} AS owner
    ON owner.id = ${oneTimeTokens.accountId} AND owner.active = 1 AND ${sameEmail}
    WHERE ${oneTimeTokens.id} = ${tokenId} AND ${oneTimeTokens.purpose} = ${purpose} AND ${isLiveToken(now)}`;
};

/** Whether an address is reserved for another account, which may still undo a change of it. */
export const isReserved = (emailKey: SQL | string | null, accountId: SQL | number, now: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${oneTimeTokens} WHERE ${oneTimeTokens.purpose} = 'undo_email'
    AND ${oneTimeTokens.emailKey} = ${emailKey} AND ${oneTimeTokens.accountId} IS NOT ${accountId}
    AND ${isLiveToken(now)})`;

/** Whether the account may ask for one more mail of this purpose. */
export const mayRequest = (purpose: OneTimePurpose, now: number): SQL =>
  sql`(SELECT count(*) < ${REQUESTS_PER_HOUR} AND coalesce(max(created_at), 0) <= ${now - MINUTE_MS}
    FROM ${requests(purpose, now)})`;

/**
 * Seconds until the account may ask again, at least one. A bound number is a REAL to D1, whose division leaves a
 * fraction.
 */
export const retryAfter = (purpose: OneTimePurpose, now: number) =>
  sql<number>`(SELECT max(1, CAST((iif(count(*) < ${REQUESTS_PER_HOUR}, max(created_at) + ${MINUTE_MS},
    min(created_at) + ${HOUR_MS}) - ${now} + 999) / 1000 AS INTEGER)) FROM ${requests(purpose, now)})`;

/** The mails of this purpose that the account asked for in the last hour: never many more than the limit. */
const requests = (purpose: OneTimePurpose, now: number): SQL =>
  sql`${oneTimeTokens} WHERE ${oneTimeTokens.accountId} = ${accounts.id} AND ${oneTimeTokens.purpose} = ${purpose}
    AND ${oneTimeTokens.requested} = 1 AND ${oneTimeTokens.createdAt} > ${now - HOUR_MS}`;

/** Ends the live tokens of these purposes of the accounts that a subquery finds; all but `except`. */
export const endTokens = (
  db: Db,
  accountIds: SQL,
  purposes: readonly OneTimePurpose[],
  except: string | null,
  now: number,
) =>
  db
    .update(oneTimeTokens)
    .set({ endedAt: now })
    .where(
      sql`${oneTimeTokens.accountId} IN (${accountIds}) AND ${oneTimeTokens.endedAt} IS NULL
        AND ${oneTimeTokens.purpose} IN (SELECT value FROM json_each(${JSON.stringify(purposes)}))
        AND ${oneTimeTokens.id} IS NOT ${except}`,
    );

/** Ends one token. */
export const endToken = (db: Db, tokenId: string, now: number) =>
  db
    .update(oneTimeTokens)
    .set({ endedAt: now })
    .where(sql`${oneTimeTokens.id} = ${tokenId} AND ${oneTimeTokens.endedAt} IS NULL`);
