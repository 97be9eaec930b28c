// An account has at most a hundred live sessions a minute later: a job ends those that were used longest ago.
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { runJobs } from '../../../src/jobs.ts';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, logIn, registered, sessionToken } from '../../support/people.ts';
import { fill } from '../../support/series.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const MINUTE_MS = 60 * 1000;
let boss: string;

beforeAll(async () => {
  boss = await sessionToken(client, await admin(client));
});
beforeEach(() => client.clock.advance(MINUTE_MS));

/** Runs the jobs and answers the line of the one that limits sessions. */
async function limited(clock: () => number = client.clock) {
  const log = vi.spyOn(console, 'log').mockImplementation(() => {});
  await runJobs(env, clock);
  const line = log.mock.calls.map(([each]) => each).find(({ job }) => job === 'session-limits');
  log.mockRestore();
  return line;
}

/** Sessions as version 1 wrote them: `i` counts up with the time of their last use. */
const oldSessions = (accountId: number, count: number, lastUsed = 'i') =>
  fill(
    'sessions',
    'id, account_id, kind, created_at, last_used_at, expires_at',
    `'${crypto.randomUUID().slice(0, 24)}' || printf('%012d', i), ${accountId}, 'session', 0, ${lastUsed}, 9e12`,
    count,
  );

const liveOf = async (accountId: number): Promise<readonly { id: string; last_used_at: number }[]> => {
  const sql = 'SELECT id, last_used_at FROM sessions WHERE account_id = ? AND revoked_at IS NULL ORDER BY last_used_at';
  return (await env.DB.prepare(sql).bind(accountId).all<{ id: string; last_used_at: number }>()).results;
};

describe('an account', () => {
  it('keeps a hundred sessions, the ones used last, and the others are refused', async () => {
    const person = await loggedIn(client);
    const early = await sessionToken(client, person);
    await oldSessions(person.id, 100, `${client.clock()} + i`);
    const { refresh_token } = (await client.post('/api/refresh', { refresh_token: person.refresh_token })).body;
    client.clock.advance(1000);
    const late = await logIn(client, person);
    expect(await limited()).toMatchObject({ accounts: 1, ended: 3, behind: false });
    expect(await liveOf(person.id)).toHaveLength(100);
    expect((await client.get('/api/me', { token: early })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: late.refresh_token })).status).toBe(200);
    expect((await client.get('/api/sessions', { token: late.access_token })).body.sessions).toHaveLength(100);
  });

  it('with a hundred keeps all of them', async () => {
    const { id } = await registered(client);
    await oldSessions(id, 100);
    expect(await limited()).toMatchObject({ accounts: 0, ended: 0, behind: false });
    expect(await liveOf(id)).toHaveLength(100);
  });

  it('keeps no more for sessions that ended', async () => {
    const { id } = await registered(client);
    await oldSessions(id, 150);
    await env.DB.prepare('UPDATE sessions SET expires_at = 1 WHERE account_id = ? AND last_used_at <= 60')
      .bind(id)
      .run();
    expect(await limited()).toMatchObject({ accounts: 0, ended: 0 });
  });

  it('has each session that ends on record, with the reason', async () => {
    const { id } = await registered(client);
    await oldSessions(id, 102);
    const [oldest, next] = await liveOf(id);
    await limited();
    const { events } = (await client.get(`/api/admin/audit?user_id=${id}&action=session.revoked`, { token: boss }))
      .body;
    const event = (session: { id: string } | undefined) => ({
      actor_id: null,
      user_id: id,
      detail: { session_id: session?.id, reason: 'too_many_sessions' },
    });
    expect(events).toHaveLength(2);
    expect(events).toEqual(
      expect.arrayContaining([event(oldest), event(next)].map((each) => expect.objectContaining(each))),
    );
  });

  it('with very many is limited in one run', async () => {
    const { id } = await registered(client);
    await oldSessions(id, 2345);
    expect(await limited()).toMatchObject({ accounts: 1, ended: 2245, behind: false });
    expect((await liveOf(id)).map((session) => session.last_used_at)[0]).toBe(2246);
  });
});

describe('a run', () => {
  it('reads only the sessions that were opened since the last one', async () => {
    const { id } = await registered(client);
    for (let account = 0; account < 50; account += 1) await oldSessions((await registered(client)).id, 90);
    await limited();
    expect((await limited()).d1_rows_read).toBeLessThan(5);
    await oldSessions(id, 3);
    expect((await limited()).d1_rows_read).toBeLessThan(20);
  });

  it('sees sessions whose place in the table was used before', async () => {
    const [gone, person] = [await registered(client), await registered(client)];
    await oldSessions(gone.id, 400);
    await limited();
    await env.DB.prepare('DELETE FROM sessions WHERE account_id = ?').bind(gone.id).run();
    await oldSessions(person.id, 130);
    expect(await limited()).toMatchObject({ accounts: 1, ended: 30 });
  });

  it('that ends early says that it is behind, and the next one goes on', async () => {
    const people = [await registered(client), await registered(client), await registered(client)];
    for (const { id } of people) await oldSessions(id, 1700);
    let time = client.clock();
    const line = await limited(() => {
      time += 3000;
      return time;
    });
    expect(line).toMatchObject({ behind: true });
    expect(line.ended).toBeLessThan(4800);
    expect(await limited()).toMatchObject({ behind: false, ended: 4800 - line.ended });
    for (const { id } of people) expect(await liveOf(id)).toHaveLength(100);
  });
});
