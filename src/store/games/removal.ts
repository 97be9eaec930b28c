// Removing games from D1, a bounded number of rows at a time: a long game has 20 000 of them.
import { type SQL, sql } from 'drizzle-orm';
import type { Removed } from '../../domain/maintenance/cleanup.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db } from '../d1/database.ts';
import { formerOwners, games } from '../d1/schema/games.ts';
import { gameScores } from '../d1/without-rowid.ts';
import { ROWS_PER_BATCH } from './row.ts';

/** The games that one batch marks or removes. Each is up to seven rows written, with its indexes and its count. */
const GAMES_PER_BATCH = 25;

/** Games to remove: a FROM clause that lists them in one order, whether or not they are marked as deleted. */
export type GamesToRemove = SQL;

export const unfinishedGame = (id: number): GamesToRemove =>
  sql`FROM ${games} WHERE ${games.id} = ${id} AND ${games.state} <> 'complete'`;

/** Games that were never completed or not yet removed, of those that were created before a time (milliseconds). */
export const unfinishedGames = (before: number): GamesToRemove =>
  sql`FROM ${games} WHERE ${games.state} <> 'complete' AND ${games.createdAt} < ${before} ORDER BY ${games.createdAt}`;

export const gamesOf = (ownerId: number | SQL): GamesToRemove =>
  sql`FROM ${games} WHERE ${games.ownerId} = ${ownerId} ORDER BY ${games.id}`;

/**
 * Statements that remove at most `limit` rows. A game is marked before the first of its rows goes, so that nobody reads
 * or completes the rest.
 */
export function removalStatements(db: Db, from: GamesToRemove, limit: number) {
  const chosen = sql`(SELECT ${games.id} ${from} LIMIT ${GAMES_PER_BATCH})`;
  const scores = sql`SELECT game_id, "offset" FROM ${chosen} AS chosen CROSS JOIN ${gameScores} ON game_id = chosen.id
    LIMIT ${limit - GAMES_PER_BATCH}`;
  const isEmpty = sql`NOT EXISTS (SELECT 1 FROM ${gameScores} WHERE ${gameScores.gameId} = ${games.id})`;
  return {
    marked: db
      .update(games)
      .set({ state: 'deleted' })
      .where(sql`${games.id} IN ${chosen} AND ${games.state} <> 'deleted'`),
    scores: db.delete(gameScores).where(sql`(game_id, "offset") IN (${scores})`),
    emptied: db.delete(games).where(sql`${games.id} IN ${chosen} AND ${isEmpty}`),
  };
}

/** Removes at most `limit` rows of games, which is more than `GAMES_PER_BATCH`, in one batch. */
export async function removeGames(db: Db, from: GamesToRemove, limit: number): Promise<Removed> {
  const { scores, emptied } = await batchOf(db, removalStatements(db, from, limit));
  const [scoreRows, gameRows] = [scores.meta.changes, emptied.meta.changes];
  const more = scoreRows === limit - GAMES_PER_BATCH || gameRows === GAMES_PER_BATCH;
  return { removed: scoreRows + gameRows, more };
}

/** Removes the games batch by batch until none is left: work for after the answer. */
export async function removeAllGames(db: Db, from: GamesToRemove): Promise<void> {
  while ((await removeGames(db, from, ROWS_PER_BATCH)).more);
}

/**
 * Removes at most `limit` rows of the games of one deleted account, and the account's row of `former_owners` with the
 * last of them. These games need no mark: readers ask for the owner, and nobody has the right to complete them.
 */
export async function removeGamesOfFormerOwners(db: Db, limit: number): Promise<Removed> {
  const owner = sql`(SELECT min(account_id) FROM ${formerOwners})`;
  const { scores, emptied } = removalStatements(db, gamesOf(owner), limit);
  const hasNone = sql`NOT EXISTS (SELECT 1 FROM ${games} WHERE ${games.ownerId} = ${formerOwners.accountId})`;
  const done = db.delete(formerOwners).where(sql`${formerOwners.accountId} = ${owner} AND ${hasNone}`);
  const results = await batchOf(db, { scores, emptied, done });
  const removed = Object.values(results).reduce((sum, { meta }) => sum + meta.changes, 0);
  return { removed, more: removed > 0 };
}
