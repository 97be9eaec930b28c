// Games are removed a bounded number of rows at a time, along an index, and those of one account alone.
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/store/d1/database.ts';
import { gamesOf, removeGames, unfinishedGames } from '../../../src/store/games/removal.ts';
import { meteredD1 } from '../../support/metered-d1.ts';

const OWNER = 7;
const OTHER = 8;
const LIMIT = 1000;

const metered = meteredD1(env.DB);
const db = openDatabase(metered.DB, undefined, { timed: (call) => call, count: () => {} }).primary;

/** Games of an account, each with as many score changes. */
async function fill(ownerId: number, count: number, changes: number, state = 'complete'): Promise<void> {
  if (count === 0) return;
  await env.DB.prepare(
    `INSERT INTO games (stamps, changes, first_offset, last_offset, owner_id, created_at, state)
     WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT ?, ?, 0, 0, ?, i, ? FROM n`,
  )
    .bind(count, changes, changes, ownerId, state)
    .run();
  await env.DB.prepare(
    `INSERT INTO game_scores WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
     SELECT id, i, i, 0 FROM games, n WHERE NOT EXISTS (SELECT 1 FROM game_scores WHERE game_id = id)`,
  )
    .bind(changes)
    .run();
}

const left = async (ownerId: number) => ({
  games: await env.DB.prepare('SELECT count(*) AS n FROM games WHERE owner_id = ?').bind(ownerId).first('n'),
  changes: await env.DB.prepare(
    'SELECT count(*) AS n FROM game_scores WHERE game_id IN (SELECT id FROM games WHERE owner_id = ?)',
  )
    .bind(ownerId)
    .first('n'),
  counted:
    (await env.DB.prepare('SELECT games FROM game_counts WHERE account_id = ?').bind(ownerId).first('games')) ?? 0,
});

const orphans = () =>
  env.DB.prepare('SELECT count(*) AS n FROM game_scores WHERE game_id NOT IN (SELECT id FROM games)').first('n');

/** Removes an account's games to the end; how many rows each call said it removed. */
async function removeAll(ownerId: number): Promise<readonly number[]> {
  const removed: number[] = [];
  for (;;) {
    const result = await removeGames(db, gamesOf(ownerId), LIMIT);
    removed.push(result.removed);
    if (!result.more) return removed;
  }
}

beforeEach(async () => {
  for (const table of ['games', 'game_scores', 'game_counts']) await env.DB.prepare(`DELETE FROM ${table}`).run();
});

describe('the games of an account', () => {
  it.each([
    ['one long game', 1, 20_000],
    ['many short games', 300, 2],
    ['games of middling length', 12, 1100],
    ['none', 0, 0],
  ])('are removed in bounded calls, which tell when none is left: %s', async (_, games, changes) => {
    await fill(OTHER, 3, 5);
    await fill(OWNER, games, changes);
    metered.rowsWritten();
    const removed = await removeAll(OWNER);
    expect(removed.reduce((sum, rows) => sum + rows, 0)).toBe(games * (changes + 1));
    expect(Math.max(...removed)).toBeLessThanOrEqual(LIMIT);
    expect(Math.max(0, ...metered.rowsWritten())).toBeLessThanOrEqual(1200);
    expect(await left(OWNER)).toEqual({ games: 0, changes: 0, counted: 0 });
    expect(await left(OTHER)).toEqual({ games: 3, changes: 15, counted: 3 });
    expect(await orphans()).toBe(0);
  });

  it('are marked before the first of their rows is removed, and no longer count', async () => {
    await fill(OWNER, 2, 3000);
    expect(await removeGames(db, gamesOf(OWNER), LIMIT)).toMatchObject({ more: true });
    const { results } = await env.DB.prepare('SELECT DISTINCT state FROM games WHERE owner_id = ?').bind(OWNER).all();
    expect(results).toEqual([{ state: 'deleted' }]);
    expect((await left(OWNER)).counted).toBe(0);
  });

  it('cost a call no more to remove where there are many', async () => {
    await fill(OWNER, 2000, 2);
    metered.rows();
    await removeGames(db, gamesOf(OWNER), LIMIT);
    expect(metered.rows().read).toBeLessThanOrEqual(1000);
  });
});

it('unfinished games are those before a time that are not complete', async () => {
  await fill(OWNER, 4, 3, 'pending');
  await fill(OWNER, 4, 3, 'deleted');
  await fill(OWNER, 4, 3);
  expect(await removeGames(db, unfinishedGames(3), LIMIT)).toEqual({ removed: 4 * 4, more: false });
  expect(await left(OWNER)).toEqual({ games: 8, changes: 24, counted: 6 });
});
