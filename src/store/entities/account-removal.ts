// When an account is deleted, its private entities are removed and its public ones stay without an owner, a bounded
// number of rows at a time.
import { type SQL, sql } from 'drizzle-orm';
import type { Db } from '../d1/database.ts';
import { entities, idempotencyKeys } from '../d1/schema/entities.ts';

/** Rows that the entities of one round may write. Inlined: D1 binds numbers as REAL, and LIMIT takes integers. */
const ROWS_PER_ROUND = sql.raw('850');
/** A public entity that loses its owner: its row, and the six indexes that name an owner or a time. */
const ROWS_OF_A_PUBLIC_ENTITY = sql.raw('7');
/** The most private entities that fit a round: each has a word. */
const PRIVATE_PER_ROUND = sql.raw('284');
const KEYS_PER_ROUND = 50;

/** A removed private entity: its row, and those of its words for the owner and for admins. */
const ROWS_OF_A_PRIVATE_ENTITY = sql`1 + 2 * min(250, json_array_length(words, '$.code')
  + json_array_length(words, '$.type') + json_array_length(words, '$.attributes'))`;

/**
 * Statements of one round for the entities of an account, whose number is bounded. They act only where `condition`
 * holds.
 */
export const detachEntities = (db: Db, accountId: number, condition: SQL, now: number) => ({
  // Before the private ones are removed: their rows are subtracted from those of the round.
  publicEntities: db
    .update(entities)
    .set({ ownerId: null, version: sql`${entities.version} + 1`, updatedAt: sql`max(${now}, ${entities.createdAt})` })
    .where(sql`${entities.id} IN (SELECT id FROM entities WHERE owner_id = ${accountId} AND private = 0
      LIMIT ${publicOfOneRound(accountId)}) AND ${condition}`),
  privateEntities: db
    .delete(entities)
    .where(sql`${entities.id} IN (SELECT id FROM (${privateOf(accountId)}) WHERE total <= ${ROWS_PER_ROUND})
      AND ${condition}`),
  idempotencyKeys: db.delete(idempotencyKeys).where(
    sql`rowid IN (SELECT rowid FROM ${idempotencyKeys} WHERE account_id = ${accountId} LIMIT ${KEYS_PER_ROUND})
      AND ${condition}`,
  ),
});

/** The first private entities, each with the rows that it and those before it write. */
const privateOf = (
  accountId: number,
): SQL => sql`SELECT id, sum(${ROWS_OF_A_PRIVATE_ENTITY}) OVER (ORDER BY id) AS total
  FROM (SELECT id, words FROM entities WHERE owner_id = ${accountId} AND private = 1
    ORDER BY id LIMIT ${PRIVATE_PER_ROUND})`;

const publicOfOneRound = (accountId: number): SQL => sql`(SELECT
  (${ROWS_PER_ROUND} - min(${ROWS_PER_ROUND}, coalesce(max(total), 0))) / ${ROWS_OF_A_PUBLIC_ENTITY}
    FROM (${privateOf(accountId)}))`;

/** Whether the account owns no entity and no idempotency key any more. */
export const ownsNothing = (accountId: number): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM entities WHERE owner_id = ${accountId})
    AND NOT EXISTS (SELECT 1 FROM idempotency_keys WHERE account_id = ${accountId})`;
