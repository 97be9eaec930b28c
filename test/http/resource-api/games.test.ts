// Games: stamps in, scores out.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { getScore, type Stamp } from '../../../src/domain/games/game.ts';
import { MAX_CHANGES } from '../../../src/domain/games/recording.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { at, changing } from '../../support/games.ts';
import { loggedIn } from '../../support/people.ts';

const { env: stores, calls, reset } = counted(env);
const client = newClient(stores);
const short = [at(5, 0, 0), at(6, 0, 0), at(8, 1, 0), at(10, 1, 1), at(12, 1, 0)];

/** 50 001 stamps of a game with a handful of goals, one of them annulled. */
function longGame(): readonly Stamp[] {
  const goals = new Map([
    [700, [1, 0]],
    [12_000, [1, 1]],
    [12_060, [1, 0]],
    [30_500, [2, 0]],
    [49_999, [2, 1]],
  ]);
  let [home = 0, away = 0] = [0, 0];
  return Array.from({ length: 50_001 }, (_, index) => {
    [home = 0, away = 0] = goals.get(index) ?? [home, away];
    return at(index * 2 + 1, home, away);
  });
}

describe('record', () => {
  it('answers the recorded game and its address', async () => {
    const { access_token: token, id: owner_id } = await loggedIn(client);
    const { status, body, headers } = await client.post('/games/', { stamps: short }, { token });
    expect({ status, body }).toEqual({
      status: 201,
      body: { id: expect.any(Number), stamps: 5, changes: 4, first_offset: 5, last_offset: 12 },
    });
    expect(headers.get('Location')).toBe(`/games/${body.id}`);
    const game = await client.get(`/games/${body.id}`);
    expect(game.body).toEqual({ ...body, score: { home: 1, away: 0 }, owner_id });
    expect(game.headers.get('Cache-Control')).toBe('public, max-age=5');
    expect((await client.get(`/games/${body.id}/`, { token })).headers.get('Cache-Control')).toBe('private, no-cache');
  });

  it('keeps 50 001 stamps as a handful of rows, in one round trip', async () => {
    const { access_token: token } = await loggedIn(client);
    const stamps = longGame();
    reset();
    const { status, body } = await client.post('/games', { stamps }, { token });
    expect({ status, changes: body.changes, trips: calls.d1 }).toEqual({ status: 201, changes: 6, trips: 1 });
    const { results } = await env.DB.prepare('SELECT "offset", home, away FROM game_scores WHERE game_id = ?')
      .bind(body.id)
      .all();
    const kept = results.map(({ offset, home, away }) => at(Number(offset), Number(home), Number(away)));
    expect(kept).toHaveLength(6);
    const last = stamps.at(-1)?.offset ?? 0;
    let [next, score] = [0, { home: 0, away: 0 }];
    for (let offset = 1; offset <= last + 10; offset += 1) {
      if (stamps[next]?.offset === offset) score = stamps[next++]?.score ?? score;
      const found = getScore(kept, offset);
      if (isRefusal(found) || found.home !== score.home || found.away !== score.away)
        expect([offset, found]).toEqual([offset, score]);
    }
    for (const offset of [1, 700 * 2, 700 * 2 + 1, 24_001, 24_121, last - 1, last, last + 10]) {
      const { body: answer } = await client.get(`/games/${body.id}/score?offset=${offset}`);
      expect(answer).toEqual({ offset, score: getScore(stamps, offset) });
    }
  });

  it('keeps 200 000 stamps, of which 20 000 change the score', { timeout: 60_000 }, async () => {
    const { access_token: token } = await loggedIn(client);
    const change = (index: number) => Math.floor(index / 10);
    const stamps = Array.from({ length: 10 * MAX_CHANGES }, (_, index) =>
      at(2 ** 52 + index, 2 ** 52 + change(index), 0),
    );
    const { status, body } = await client.post('/games', { stamps }, { token });
    expect({ status, stamps: body.stamps, changes: body.changes }).toEqual({
      status: 201,
      stamps: 200_000,
      changes: MAX_CHANGES,
    });
    for (const index of [0, 9_999, 10_000, 10_009, 199_999]) {
      const { body: answer } = await client.get(`/games/${body.id}/score?offset=${2 ** 52 + index}`);
      expect(answer.score).toEqual({ home: 2 ** 52 + change(index), away: 0 });
    }
    expect((await client.get(`/games/${body.id}`)).body.score).toEqual({ home: 2 ** 52 + MAX_CHANGES - 1, away: 0 });
  });

  it('refuses a game of 20 001 score changes', async () => {
    const { access_token: token } = await loggedIn(client);
    const { status, body } = await client.post('/games', { stamps: changing(MAX_CHANGES + 1) }, { token });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
    expect(body.errors).toEqual([
      { path: 'stamps', message: 'must change the score at most 20000 times, the first stamp included' },
    ]);
  });

  it('keeps the scores of concurrent games apart', async () => {
    const { access_token: token } = await loggedIn(client);
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map((goals) => client.post('/games', { stamps: [at(0, goals, 0)] }, { token })),
    );
    for (const [index, { body }] of made.entries())
      expect((await client.get(`/games/${body.id}`)).body.score).toEqual({ home: index + 1, away: 0 });
  });

  it.each([
    ['unsorted', [at(0, 0, 0), at(2, 0, 0), at(1, 0, 0)], 'stamps.2.offset'],
    ['duplicate', [at(0, 0, 0), at(0, 0, 0)], 'stamps.1.offset'],
    ['negative', [at(-1, 0, 0)], 'stamps.0.offset'],
    ['fractional', [at(0, 0, 0), at(1.5, 0, 0)], 'stamps.1.offset'],
    ['with a negative score', [at(0, 0, -1)], 'stamps.0.score.away'],
    ['with a fractional score', [at(0, 0.5, 0)], 'stamps.0.score.home'],
    ['without a score', [{ offset: 0 }], 'stamps.0.score.home'],
    ['none', [], 'stamps'],
    ['not there', undefined, 'stamps'],
  ])('refuses stamps that are %s, and names the first', async (_, stamps, path) => {
    const { access_token: token } = await loggedIn(client);
    const { status, body } = await client.post('/games', { stamps }, { token });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
    expect(body.errors).toEqual([{ path, message: expect.any(String) }]);
  });

  it('refuses more than 200 000 stamps, and more than 16 MiB once the token holds', async () => {
    const { access_token: token } = await loggedIn(client);
    const stamps = Array.from({ length: 200_001 }, (_, index) => at(index, 0, 0));
    expect((await client.post('/games', { stamps }, { token })).body.errors[0].path).toBe('stamps');
    const raw = ' '.repeat(16 * 1024 * 1024 + 1);
    const headers = { 'Content-Type': 'application/json' };
    expect((await client.post('/games', undefined, { token, raw, headers })).status).toBe(413);
    expect((await client.post('/games', undefined, { raw, headers })).status).toBe(401);
  });

  it('records nothing for an account that was deactivated', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const before = await client.post('/games', { stamps: short }, { token });
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    expect((await client.post('/games', { stamps: [at(0, 9, 9)] }, { token })).body.code).toBe('token_revoked');
    expect((await client.get(`/games/${before.body.id}/score?offset=5`)).body.score).toEqual({ home: 0, away: 0 });
  });
});

describe('score', () => {
  it('is that of the last stamp at or before the offset', async () => {
    const { access_token: token } = await loggedIn(client);
    const { body } = await client.post('/games', { stamps: short }, { token });
    for (let offset = 5; offset <= 22; offset += 1) {
      const answer = await client.get(`/games/${body.id}/score/?offset=${offset}`, offset % 2 ? { token } : {});
      expect(answer).toMatchObject({ status: 200, body: { offset, score: getScore(short, offset) } });
    }
  });

  it('is refused before the first stamp, at an invalid offset, and for an unknown game', async () => {
    const { access_token: token } = await loggedIn(client);
    const { body } = await client.post('/games', { stamps: short }, { token });
    const ask = async (path: string) => {
      const { status, body: answer } = await client.get(path);
      return [status, answer.code];
    };
    expect(await ask(`/games/${body.id}/score?offset=4`)).toEqual([400, 'before_first_stamp']);
    for (const query of ['', '?offset=', '?offset=-1', '?offset=1.5', '?offset=x', '?offset=9007199254740993']) {
      expect(await ask(`/games/${body.id}/score${query}`)).toEqual([400, 'invalid_query']);
    }
    expect(await ask('/games/999999/score?offset=1')).toEqual([404, 'game_not_found']);
    expect(await ask('/games/999999')).toEqual([404, 'game_not_found']);
    expect(await ask('/games/x')).toEqual([404, 'not_found']);
  });

  it('is one round trip, found by an index', async () => {
    const { access_token: token } = await loggedIn(client);
    const { body } = await client.post('/games', { stamps: short }, { token });
    for (const path of [`/games/${body.id}`, `/games/${body.id}/score?offset=9`]) {
      reset();
      await client.get(path, { token });
      expect(calls.d1).toBe(1);
    }
  });
});
