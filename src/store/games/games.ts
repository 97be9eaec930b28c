// Games in D1: a row each, and a row for each change of the score, which one seek finds.
import { eq, sql } from 'drizzle-orm';
import { integer, sqliteTable } from 'drizzle-orm/sqlite-core';
import type { Game, Games, Stamp } from '../../domain/games/game.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Database } from '../d1/database.ts';
import { accounts, games } from '../d1/schema.ts';
import { isActive } from '../entities/conditions.ts';

/** A table WITHOUT ROWID, which drizzle-kit can't make: it stands in drizzle/0002. */
const gameScores = sqliteTable('game_scores', {
  gameId: integer('game_id').notNull(),
  offset: integer().notNull(),
  home: integer().notNull(),
  away: integer().notNull(),
});

/** D1 binds at most 2 MB to a parameter; a change is 53 bytes of JSON at most. */
const CHANGES_PER_STATEMENT = 30_000;

export const gamesIn = (database: Database): Games => ({
  async add(game, accountId) {
    const db = database.primary;
    const { stamps, changes, firstOffset, lastOffset } = game;
    const insert = db
      .insert(games)
      .select(
        sql`SELECT NULL, ${stamps}, ${changes.length}, ${firstOffset}, ${lastOffset}
          FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.active} = 1`,
      )
      .returning();
    // Nobody else writes between the statements of a batch, so the highest id is that of the game, if the account was there to make it.
    const scores = chunksOf(changes).map((chunk) =>
      db
        .insert(gameScores)
        .select(
          sql`SELECT (SELECT max(id) FROM games), value ->> 0, value ->> 1, value ->> 2 FROM json_each(${chunk}) WHERE ${isActive(accountId)}`,
        ),
    );
    const [[row]] = await db.batch([insert, ...scores]);
    return row ? gameFrom(row) : refuse('token_revoked');
  },

  async find(id) {
    const last = sql`${gameScores.offset} = (SELECT max("offset") FROM game_scores WHERE game_id = ${id})`;
    const [row] = await database.nearest
      .select({ game: games, home: gameScores.home, away: gameScores.away })
      .from(games)
      .innerJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${last}`)
      .where(eq(games.id, id));
    return row && { ...gameFrom(row.game), score: { home: row.home, away: row.away } };
  },

  async scoreAt(id, offset) {
    const last = sql`${gameScores.offset} = (SELECT max("offset") FROM game_scores WHERE game_id = ${id} AND "offset" <= ${offset})`;
    const [row] = await database.nearest
      .select({ home: gameScores.home, away: gameScores.away })
      .from(games)
      .leftJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${last}`)
      .where(eq(games.id, id));
    if (!row) return refuse('game_not_found');
    return row.home === null || row.away === null ? refuse('before_first_stamp') : { home: row.home, away: row.away };
  },
});

const gameFrom = ({ id, stamps, changes, firstOffset, lastOffset }: typeof games.$inferSelect): Game => ({
  id,
  stamps,
  changes,
  firstOffset,
  lastOffset,
});

/** The changes as JSON, in pieces that a parameter can hold. */
function chunksOf(changes: readonly Stamp[]): readonly string[] {
  const starts = Array.from(
    { length: Math.ceil(changes.length / CHANGES_PER_STATEMENT) },
    (_, index) => index * CHANGES_PER_STATEMENT,
  );
  return starts.map((start) =>
    JSON.stringify(
      changes.slice(start, start + CHANGES_PER_STATEMENT).map(({ offset, score }) => [offset, score.home, score.away]),
    ),
  );
}
