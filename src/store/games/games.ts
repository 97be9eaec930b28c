// Games in D1: a row for the game, and a row for each change of its score, which one index seek finds.
import { eq, sql } from 'drizzle-orm';
import type { Game, Games, Stamp } from '../../domain/games/game.ts';
import { refuse } from '../../domain/refusal.ts';
import { holds } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { games } from '../d1/schema/games.ts';
import { gameScores } from '../d1/without-rowid.ts';

/** D1 binds at most 2 MB to a parameter; a change is at most 53 bytes of JSON. */
const CHANGES_PER_STATEMENT = 30_000;

export const gamesIn = (database: Database): Games => ({
  async add(game, audit) {
    const db = database.primary;
    const { stamps, changes, firstOffset, lastOffset } = game;
    const mayAct = holds(audit.authority, audit.now);
    const insertion = db
      .insert(games)
      .select(sql`SELECT NULL, ${stamps}, ${changes.length}, ${firstOffset}, ${lastOffset} WHERE ${mayAct}`)
      .returning();
    // Nobody else writes between the statements of a batch, so the highest id is the new game's.
    const scores = chunksOf(changes).map((chunk, index) => {
      const values = sql`SELECT (SELECT max(id) FROM games), value ->> 0, value ->> 1, value ->> 2`;
      const insert = db.insert(gameScores).select(sql`${values} FROM json_each(${chunk}) WHERE ${mayAct}`);
      return [`scores${index}`, insert] as const;
    });
    const { added } = await batchOf(db, { added: insertion, ...Object.fromEntries(scores) });
    const [row] = added;
    return row ? gameFrom(row) : refuse('token_revoked');
  },

  async get(id) {
    const last = sql`${gameScores.offset} = (SELECT max("offset") FROM game_scores WHERE game_id = ${id})`;
    const [row] = await database.nearest
      .select({ game: games, home: gameScores.home, away: gameScores.away })
      .from(games)
      .innerJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${last}`)
      .where(eq(games.id, id));
    return row && { ...gameFrom(row.game), score: { home: row.home, away: row.away } };
  },

  async scoreAt(id, offset) {
    const before = sql`SELECT max("offset") FROM game_scores WHERE game_id = ${id} AND "offset" <= ${offset}`;
    const [row] = await database.nearest
      .select({ home: gameScores.home, away: gameScores.away })
      .from(games)
      .leftJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${gameScores.offset} = (${before})`)
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

/** The changes as JSON arrays that fit a parameter each. */
function chunksOf(changes: readonly Stamp[]): readonly string[] {
  const count = Math.ceil(changes.length / CHANGES_PER_STATEMENT);
  return Array.from({ length: count }, (_, index) => {
    const chunk = changes.slice(index * CHANGES_PER_STATEMENT, (index + 1) * CHANGES_PER_STATEMENT);
    return JSON.stringify(chunk.map(({ offset, score }) => [offset, score.home, score.away]));
  });
}
