// Deleted accounts in D1. No query finds the account's row, which stays until everything that refers to it has been
// removed, a bounded number of rows at a time.
import { type SQL, sql } from 'drizzle-orm';
import type { Purging } from '../../domain/maintenance/purging.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { oneTimeTokens } from '../d1/schema/mail.ts';
import { passkeys } from '../d1/schema/passkeys.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { knownNetworks } from '../d1/without-rowid.ts';
import { detachEntities, ownsNothing } from '../entities/account-removal.ts';
import { isBeingDeleted } from './conditions.ts';

export const purgingIn = ({ primary: db }: Database): Purging => ({
  async due(limit) {
    const rows = await db
      .select({ id: accounts.id })
      .from(accounts)
      .where(sql`${accounts.deletedAt} IS NOT NULL`)
      .orderBy(accounts.deletedAt)
      .limit(limit);
    return rows.map(({ id }) => id);
  },

  async round(accountId, now) {
    const { account } = await batchOf(db, purgeStatements(db, accountId, now));
    return account.length > 0 ? 'gone' : 'more';
  },
});

const SESSIONS_PER_ROUND = 80;
const NETWORKS_PER_ROUND = 40;
const PASSKEYS_PER_ROUND = 40;
/** At least as many as may reserve an address for one account: 10 changes on each of 7 days. */
const TOKENS_PER_ROUND = 70;

/**
 * One round, which writes at most 1,200 rows: for the batch that deletes the account, and for every round after it.
 * Each table with any number of rows of an account has its step here, and its part in `nothingIsLeft`.
 */
export function purgeStatements(db: Db, accountId: number, now: number) {
  const deleted = isBeingDeleted(sql`${accountId}`);
  return {
    sessions: db.delete(sessions).where(
      sql`rowid IN (SELECT rowid FROM ${sessions} WHERE account_id = ${accountId} LIMIT ${SESSIONS_PER_ROUND})
        AND ${deleted}`,
    ),
    networks: db.delete(knownNetworks).where(
      sql`account_id = ${accountId} AND network IN (
        SELECT network FROM known_networks WHERE account_id = ${accountId} LIMIT ${NETWORKS_PER_ROUND}) AND ${deleted}`,
    ),
    passkeys: db.delete(passkeys).where(
      sql`rowid IN (SELECT rowid FROM ${passkeys} WHERE account_id = ${accountId} LIMIT ${PASSKEYS_PER_ROUND})
        AND ${deleted}`,
    ),
    // Tokens that reserve an address go first.
    oneTimeTokens: db.delete(oneTimeTokens).where(
      sql`rowid IN (SELECT rowid FROM ${oneTimeTokens} WHERE account_id = ${accountId}
        ORDER BY purpose <> 'undo_email' LIMIT ${TOKENS_PER_ROUND}) AND ${deleted}`,
    ),
    ...detachEntities(db, accountId, deleted, now),
    account: db
      .delete(accounts)
      .where(sql`${accounts.id} = ${accountId} AND ${accounts.deletedAt} IS NOT NULL AND ${nothingIsLeft(accountId)}`)
      .returning({ id: accounts.id }),
  };
}

const nothingIsLeft = (accountId: number): SQL => sql`${ownsNothing(accountId)}
  AND NOT EXISTS (SELECT 1 FROM ${sessions} WHERE account_id = ${accountId})
  AND NOT EXISTS (SELECT 1 FROM known_networks WHERE account_id = ${accountId})
  AND NOT EXISTS (SELECT 1 FROM ${passkeys} WHERE account_id = ${accountId})
  AND NOT EXISTS (SELECT 1 FROM ${oneTimeTokens} WHERE account_id = ${accountId})`;
