// The games of one account in D1, and the scores of all of them, page by page.
import { and, asc, eq, type SQL, sql } from 'drizzle-orm';
import { type Page, pageOf } from '../../domain/page.ts';
import type { OwnData, OwnGame, OwnScore } from '../../domain/transfer/export.ts';
import type { Database } from '../d1/database.ts';
import { games } from '../d1/schema/games.ts';
import { gameScores } from '../d1/without-rowid.ts';

const PAGE_GAMES = 100;
const PAGE_SCORES = 5000;

export const ownGamesIn = (database: Database): Pick<OwnData, 'games' | 'scores'> => ({
  games: (accountId, after) => gamesOf(database, accountId, after),
  scores: (accountId, after) => scoresOf(database, accountId, after),
});

const isTheirs = (accountId: number): SQL => sql`${games.ownerId} = ${accountId} AND ${games.state} = 'complete'`;

async function gamesOf({ primary }: Database, accountId: number, after: string | undefined): Promise<Page<OwnGame>> {
  const rows = await primary
    .select(GAME)
    .from(games)
    .where(and(isTheirs(accountId), sql`${games.id} > ${Number(after ?? 0)}`))
    .orderBy(asc(games.id))
    .limit(PAGE_GAMES + 1);
  return pageOf(rows, PAGE_GAMES, ({ id }) => String(id));
}

async function scoresOf({ primary }: Database, accountId: number, after: string | undefined): Promise<Page<OwnScore>> {
  const [gameId, offset] = (after ?? '0 0').split(' ').map(Number);
  const isNext = sql`${games.id} >= ${gameId} AND (${games.id} > ${gameId} OR ${gameScores.offset} > ${offset})`;
  const rows = await primary
    .select(SCORE)
    .from(games)
    .innerJoin(gameScores, eq(gameScores.gameId, games.id))
    .where(and(isTheirs(accountId), isNext))
    .orderBy(asc(games.id), asc(gameScores.offset))
    .limit(PAGE_SCORES + 1);
  return pageOf(rows, PAGE_SCORES, (last) => `${last.gameId} ${last.offset}`);
}

const GAME = {
  id: games.id,
  createdAt: games.createdAt,
  stamps: games.stamps,
  firstOffset: games.firstOffset,
  lastOffset: games.lastOffset,
};

const SCORE = { gameId: gameScores.gameId, offset: gameScores.offset, home: gameScores.home, away: gameScores.away };
