// Games have an owner, who may delete them; a long one is written and removed in bounded batches, and never seen in
// parts.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { runJobs } from '../../../src/jobs.ts';
import { newClient } from '../../support/client.ts';
import { faultyD1 } from '../../support/faulty-d1.ts';
import { at, changing } from '../../support/games.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { meteredD1 } from '../../support/metered-d1.ts';
import { admin, loggedIn, signedIn } from '../../support/people.ts';

/** The most rows that one request, or one batch after it, may write. */
const MAX_ROWS = 1200;
const HOUR_MS = 60 * 60 * 1000;

const metered = meteredD1(env.DB);
const client = newClient({ DB: metered.DB, RATE_LIMITS: 'off' });
const short = { stamps: [at(0, 0, 0), at(10, 1, 0)] };
const long = { stamps: changing(4500) };

const record = async (token: string, game: object = short): Promise<number> => {
  const { status, body } = await client.post('/games', game, { token });
  expect(status).toBe(201);
  return body.id;
};
/** The rows of a game and of its changes, seen or not. */
const rowsOf = async (id: number): Promise<[number, number]> => {
  const count = async (table: string, column: string) =>
    Number(await env.DB.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${column} = ?`).bind(id).first('n'));
  return [await count('games', 'id'), await count('game_scores', 'game_id')];
};
const newestId = async () => Number(await env.DB.prepare('SELECT max(id) AS id FROM games').first('id'));
const status = async (path: string, token?: string) => (await client.get(path, token ? { token } : {})).status;

describe('a game', () => {
  it('is deleted by its owner, once', async () => {
    const { access_token: token } = await loggedIn(client);
    const [id, other] = [await record(token), await record(token)];
    expect((await client.delete(`/games/${id}/`, { token })).status).toBe(204);
    const again = await client.delete(`/games/${id}`, { token });
    expect({ status: again.status, code: again.body.code }).toEqual({ status: 404, code: 'game_not_found' });
    for (const path of [`/games/${id}`, `/games/${id}/score?offset=0`]) expect(await status(path, token)).toBe(404);
    expect(await rowsOf(id)).toEqual([0, 0]);
    expect(await rowsOf(other)).toEqual([1, 2]);
  });

  it('is deleted by an admin', async () => {
    const [{ access_token: token }, boss] = [await loggedIn(client), await admin(client)];
    const id = await record(token);
    expect((await client.delete(`/games/${id}`, { token: boss.access_token })).status).toBe(204);
    expect(await rowsOf(id)).toEqual([0, 0]);
  });

  it('is not deleted by others, nor without a token', async () => {
    const [{ access_token: token }, other] = [await loggedIn(client), await signedIn(client)];
    const id = await record(token);
    const refused = await client.delete(`/games/${id}`, { token: other.token });
    expect({ status: refused.status, code: refused.body.code }).toEqual({ status: 403, code: 'forbidden' });
    expect((await client.delete(`/games/${id}`)).status).toBe(401);
    expect((await client.delete('/games/999999', { token })).body.code).toBe('game_not_found');
    expect(await rowsOf(id)).toEqual([1, 2]);
  });

  it('of version 1 has no owner and is deleted by admins alone', async () => {
    const [{ access_token: token }, boss] = [await loggedIn(client), await admin(client)];
    const id = Number(
      await env.DB.prepare(
        'INSERT INTO games (stamps, changes, first_offset, last_offset) VALUES (1, 1, 0, 0) RETURNING id',
      ).first('id'),
    );
    await env.DB.prepare('INSERT INTO game_scores VALUES (?, 0, 3, 4)').bind(id).run();
    expect((await client.get(`/games/${id}`)).body).toMatchObject({ score: { home: 3, away: 4 }, owner_id: null });
    expect((await client.delete(`/games/${id}`, { token })).status).toBe(403);
    expect((await client.delete(`/games/${id}`, { token: boss.access_token })).status).toBe(204);
    expect(await rowsOf(id)).toEqual([0, 0]);
  });

  it.each(['a demoted admin', 'a deactivated owner', 'an owner whose session ended'])(
    'is not deleted by %s, however late the right ended',
    async (who) => {
      const held = heldD1(env.DB);
      const slow = newClient({ DB: held.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
      const [owner, boss] = [await signedIn(client), await admin(client)];
      const id = await record(owner.token);
      const isAdmin = who === 'a demoted admin';
      // A session token is looked up before the batch that deletes.
      const came = held.hold(isAdmin ? 0 : 1);
      const answer = slow.delete(`/games/${id}`, { token: isAdmin ? boss.access_token : owner.token });
      await came;
      if (isAdmin) await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(boss.id).run();
      else if (who === 'a deactivated owner')
        await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(owner.id).run();
      else expect((await client.delete('/auth', { token: owner.token })).status).toBe(204);
      held.letGo();
      expect((await answer).status).toBe(isAdmin ? 403 : 401);
      expect(await rowsOf(id)).toEqual([1, 2]);
    },
  );
});

describe('a long game', () => {
  it('is written in batches that leave D1 to others in between', async () => {
    const { access_token: token } = await loggedIn(client);
    metered.rowsWritten();
    const id = await record(token, { stamps: changing(20_000) });
    const rows = metered.rowsWritten();
    expect(rows).toHaveLength(20);
    expect(Math.max(...rows)).toBeLessThanOrEqual(MAX_ROWS);
    expect(await rowsOf(id)).toEqual([1, 20_000]);
    expect((await client.get(`/games/${id}`)).body).toMatchObject({ changes: 20_000, score: { home: 19_999 } });
  });

  it('is removed in batches, the first of which is the request', async () => {
    const { access_token: token } = await loggedIn(client);
    const id = await record(token, { stamps: changing(20_000) });
    metered.rowsWritten();
    expect((await client.delete(`/games/${id}`, { token })).status).toBe(204);
    const rows = metered.rowsWritten();
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(Math.max(...rows)).toBeLessThanOrEqual(MAX_ROWS);
    expect(await rowsOf(id)).toEqual([0, 0]);
  });

  it('is not there for readers, nor to delete, until all of it is', async () => {
    const held = heldD1(env.DB);
    const slow = newClient({ DB: held.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
    const { access_token: token } = await loggedIn(client);
    for (const batch of [1, 2, 4]) {
      const came = held.hold(batch);
      const answer = slow.post('/games', long, { token });
      await came;
      const id = await newestId();
      expect(await rowsOf(id)).toEqual([1, batch * 1000]);
      for (const path of [`/games/${id}`, `/games/${id}/score?offset=0`]) expect(await status(path, token)).toBe(404);
      expect((await client.delete(`/games/${id}`, { token })).status).toBe(404);
      held.letGo();
      expect(await answer).toMatchObject({ status: 201, body: { id, changes: 4500 } });
      expect((await client.get(`/games/${id}`, { token })).body.score.home).toBe(4499);
    }
  });

  it.each(['the account is deactivated', 'the session ends', 'the account is deleted'])(
    'is not there at all where %s while it is written',
    async (ending) => {
      const held = heldD1(env.DB);
      const slow = newClient({ DB: held.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
      for (const batch of [1, 4]) {
        const { id: owner, token } = await signedIn(client);
        // The session is looked up before the body is read and after it.
        const came = held.hold(2 + batch);
        const answer = slow.post('/games', long, { token });
        await came;
        const id = await newestId();
        if (ending === 'the session ends') expect((await client.delete('/auth', { token })).status).toBe(204);
        else if (ending === 'the account is deleted')
          expect((await client.delete('/api/me', { token })).status).toBe(204);
        else await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(owner).run();
        held.letGo();
        const { status: refused, body } = await answer;
        expect({ refused, code: body.code }).toEqual({ refused: 401, code: 'token_revoked' });
        expect(await rowsOf(id)).toEqual([0, 0]);
      }
    },
  );

  it('leaves nothing behind where D1 fails in the middle', async () => {
    const faulty = faultyD1(env.DB);
    const failing = newClient({ DB: faulty.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
    const { access_token: token } = await loggedIn(client);
    for (const batch of [1, 3, 4]) {
      faulty.arm(batch, 'fails before');
      expect((await failing.post('/games', long, { token })).status).toBe(503);
      expect(faulty.met()).toBe(true);
      const left = await env.DB.prepare("SELECT count(*) AS n FROM games WHERE state <> 'complete'").first('n');
      expect(left).toBe(0);
    }
    expect(
      await env.DB.prepare('SELECT count(*) AS n FROM game_scores WHERE game_id NOT IN (SELECT id FROM games)').first(
        'n',
      ),
    ).toBe(0);
  });

  it('that nobody completed is removed by the clean-up, after an hour', async () => {
    const { id: owner } = await loggedIn(client);
    const now = client.clock();
    const pending = async (createdAt: number) => {
      const id = Number(
        await env.DB.prepare(
          `INSERT INTO games (stamps, changes, first_offset, last_offset, owner_id, created_at, state)
           VALUES (9, 9, 0, 8, ?, ?, 'pending') RETURNING id`,
        )
          .bind(owner, createdAt)
          .first('id'),
      );
      await env.DB.prepare(
        'INSERT INTO game_scores WITH n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999) SELECT ?, i, ' +
          'i, 0 FROM n',
      )
        .bind(id)
        .run();
      return id;
    };
    const [stale, fresh] = [await pending(now - HOUR_MS - 1), await pending(now - HOUR_MS + 1000)];
    await runJobs({ ...env }, () => now);
    expect(await rowsOf(stale)).toEqual([0, 0]);
    expect(await rowsOf(fresh)).toEqual([1, 2000]);
  });
});

describe('the games of an account', () => {
  it('leave with it: nobody reads them from then on, and the clean-up removes them', async () => {
    const [{ access_token: token }, stays] = [await loggedIn(client), await loggedIn(client)];
    const ids = [await record(token), await record(token, long)];
    const kept = await record(stays.access_token);
    expect((await client.delete('/api/me', { token })).status).toBe(204);
    for (const id of ids) {
      for (const path of [`/games/${id}`, `/games/${id}/score?offset=0`])
        expect(await status(path, stays.access_token)).toBe(404);
      expect((await client.delete(`/games/${id}`, { token: stays.access_token })).body.code).toBe('game_not_found');
    }
    metered.rowsWritten();
    await runJobs({ ...env, DB: metered.DB }, client.clock);
    expect(Math.max(...metered.rowsWritten())).toBeLessThanOrEqual(MAX_ROWS);
    for (const id of ids) expect(await rowsOf(id)).toEqual([0, 0]);
    expect(await rowsOf(kept)).toEqual([1, 2]);
    expect(await env.DB.prepare('SELECT count(*) AS n FROM former_owners').first('n')).toBe(0);
  });

  it('stay while it is deactivated', async () => {
    const { access_token: token, id: owner } = await loggedIn(client);
    const id = await record(token);
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(owner).run();
    expect((await client.get(`/games/${id}`)).body.owner_id).toBe(owner);
  });
});
