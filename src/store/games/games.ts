// Games in D1: a row for the game, and a row for each change of its score, which one index seek finds.
import { sql } from 'drizzle-orm';
import type { Games } from '../../domain/games/game.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Database, Defer } from '../d1/database.ts';
import { games } from '../d1/schema/games.ts';
import { gameScores } from '../d1/without-rowid.ts';
import { deleteGame } from './deletion.ts';
import { recordGame } from './recording.ts';
import { gameFrom, isThere } from './row.ts';

export const gamesIn = (database: Database, defer: Defer): Games => ({
  add: (game, quota, audit) => recordGame(database.primary, defer, game, quota, audit),

  remove: (id, audit) => deleteGame(database.primary, defer, id, audit),

  async get(id) {
    const last = sql`${gameScores.offset} = (SELECT max("offset") FROM game_scores WHERE game_id = ${id})`;
    const [row] = await database.nearest
      .select({ game: games, home: gameScores.home, away: gameScores.away })
      .from(games)
      .innerJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${last}`)
      .where(sql`${games.id} = ${id} AND ${isThere}`);
    return row && { ...gameFrom(row.game), score: { home: row.home, away: row.away } };
  },

  async scoreAt(id, offset) {
    const before = sql`SELECT max("offset") FROM game_scores WHERE game_id = ${id} AND "offset" <= ${offset}`;
    const [row] = await database.nearest
      .select({ home: gameScores.home, away: gameScores.away })
      .from(games)
      .leftJoin(gameScores, sql`${gameScores.gameId} = ${games.id} AND ${gameScores.offset} = (${before})`)
      .where(sql`${games.id} = ${id} AND ${isThere}`);
    if (!row) return refuse('game_not_found');
    return row.home === null || row.away === null ? refuse('before_first_stamp') : { home: row.home, away: row.away };
  },
});
