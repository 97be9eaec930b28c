// An account owns MAX_GAMES_PER_ACCOUNT games at most, however many come at once; an admin any number.
import { env } from 'cloudflare:workers';
import { beforeAll, describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { at, changing } from '../../support/games.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, loggedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const game = { stamps: [at(0, 0, 0), at(10, 1, 0)] };
const QUOTA = 3;

const post = async (token: string, json: object = game) => {
  const { status, body } = await client.post('/games', json, { token });
  return status === 201 ? { status, id: body.id as number } : { status, code: body.code as string };
};
const EXCEEDED = { status: 403, code: 'quota_exceeded' };
const owned = async (id: number) => ({
  rows: await env.DB.prepare("SELECT count(*) AS n FROM games WHERE owner_id = ? AND state <> 'deleted'")
    .bind(id)
    .first('n'),
  counted: (await env.DB.prepare('SELECT games FROM game_counts WHERE account_id = ?').bind(id).first('games')) ?? 0,
});

beforeAll(() => configure(client, { MAX_GAMES_PER_ACCOUNT: String(QUOTA) }));

describe('the quota', () => {
  it('is 1 000 games unless it is set', async () => {
    const { access_token: token } = await admin(client);
    expect((await client.get('/api/admin/settings', { token })).body.MAX_GAMES_PER_ACCOUNT).toMatchObject({
      value: QUOTA,
      default: 1000,
      min: 1,
      max: 1_000_000,
    });
  });

  it('refuses the game beyond it, which leaves nothing behind', async () => {
    const { access_token: token, id } = await loggedIn(client);
    for (let count = 0; count < QUOTA; count += 1) expect((await post(token)).status).toBe(201);
    const before = await env.DB.prepare('SELECT count(*) AS n FROM game_scores').first('n');
    expect(await post(token)).toEqual(EXCEEDED);
    expect(await post(token, { stamps: changing(2500) })).toEqual(EXCEEDED);
    expect(await env.DB.prepare('SELECT count(*) AS n FROM game_scores').first('n')).toBe(before);
    expect(await owned(id)).toEqual({ rows: QUOTA, counted: QUOTA });
  });

  it('holds for any number of games at once', async () => {
    const { access_token: token, id } = await loggedIn(client);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => post(token, index % 3 ? game : { stamps: changing(1200) })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(QUOTA);
    expect(answers.filter(({ status }) => status === 403)).toHaveLength(12 - QUOTA);
    expect(await owned(id)).toEqual({ rows: QUOTA, counted: QUOTA });
  });

  it('has room again once a game is deleted, a long one too', async () => {
    const { access_token: token, id } = await loggedIn(client);
    await post(token);
    await post(token);
    const long = await post(token, { stamps: changing(2500) });
    expect(await post(token)).toEqual(EXCEEDED);
    expect((await client.delete(`/games/${long.id}`, { token })).status).toBe(204);
    expect((await post(token)).status).toBe(201);
    expect(await owned(id)).toEqual({ rows: QUOTA, counted: QUOTA });
  });

  it('counts a game that is being written', async () => {
    const held = heldD1(env.DB);
    const slow = newClient({ DB: held.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
    const { access_token: token } = await loggedIn(client);
    await post(token);
    await post(token);
    const came = held.hold(1);
    const answer = slow.post('/games', { stamps: changing(2500) }, { token });
    await came;
    expect(await post(token)).toEqual(EXCEEDED);
    held.letGo();
    expect((await answer).status).toBe(201);
  });

  it('does not hold for an admin', async () => {
    const { access_token: token, id } = await admin(client);
    for (let count = 0; count < QUOTA + 2; count += 1) expect((await post(token)).status).toBe(201);
    await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(id).run();
    expect(await post(token)).toEqual(EXCEEDED);
  });

  it('of an account that was deleted is forgotten', async () => {
    const { access_token: token, id } = await loggedIn(client);
    await post(token);
    expect((await client.delete('/api/me', { token })).status).toBe(204);
    const { runJobs } = await import('../../../src/jobs.ts');
    await runJobs({ ...env }, client.clock);
    expect(await owned(id)).toEqual({ rows: 0, counted: 0 });
  });

  it('costs a small game no round trip, and a refused one a second', async () => {
    const { env: stores, calls, reset } = counted(env);
    const counting = newClient({ ...stores, RATE_LIMITS: 'off' }, { clock: client.clock });
    const { access_token: token } = await loggedIn(counting);
    await counting.post('/games', game, { token }); // reads the settings
    for (const [status, trips] of [
      [201, 1],
      [201, 1],
      [403, 2],
    ] as const) {
      reset();
      expect((await counting.post('/games', game, { token })).status).toBe(status);
      expect(calls.d1).toBe(trips);
    }
  });

  it('reads no more rows, however many games there are', async () => {
    const { access_token: token } = await admin(client);
    const rows: number[] = [];
    for (let count = 0; count < 40; count += 1) {
      const { DB, rows: rowsOf } = meteredD1(env.DB);
      const fresh = newClient({ DB, RATE_LIMITS: 'off' }, { clock: client.clock });
      expect((await fresh.post('/games', game, { token })).status).toBe(201);
      rows.push(rowsOf().read);
    }
    expect(Math.max(...rows)).toBeLessThanOrEqual(20);
  });
});
