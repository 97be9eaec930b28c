// The row of a game, and the condition under which it is visible.
import { type SQL, sql } from 'drizzle-orm';
import type { Game } from '../../domain/games/game.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { games } from '../d1/schema/games.ts';

/** D1 runs one batch at a time and everybody waits for it, so none writes or removes more score changes than this. */
export const ROWS_PER_BATCH = 1000;

export const gameFrom = (row: typeof games.$inferSelect): Game => ({
  id: row.id,
  stamps: row.stamps,
  changes: row.changes,
  firstOffset: row.firstOffset,
  lastOffset: row.lastOffset,
  ownerId: row.ownerId,
});

/**
 * The game is complete, and its owner's account is there: games leave with their account, though their rows may take a
 * while to be removed. A game of version 1 has no owner.
 */
export const isThere: SQL = sql`${games.state} = 'complete' AND (${games.ownerId} IS NULL
  OR EXISTS (SELECT 1 FROM ${accounts} WHERE ${accounts.id} = ${games.ownerId}
    AND ${accounts.deletedAt} IS NULL))`;
