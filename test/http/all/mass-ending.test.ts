// One request ends any number of sessions at once, and writes a bounded number of rows.
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { hashToken } from '../../../src/domain/sessions/refresh-token.ts';
import { runJobs } from '../../../src/jobs.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { admin, loggedIn, logIn, type Pair, type Person, sessionToken } from '../../support/people.ts';
import { requestLines } from '../../support/request-log.ts';
import { post, signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
/** The most rows that one request may write to D1. */
const MAX_ROWS = 1200;

/**
 * Live sessions of an account as many logins leave them, and the refresh tokens of some: the first, middle and last.
 */
async function openSessions(accountId: number, count: number): Promise<readonly string[]> {
  const tokens = Array.from({ length: count }, () => crypto.randomUUID());
  const hashes = await Promise.all(tokens.map(hashToken));
  const now = client.clock();
  await env.DB.prepare(
    `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at, user_agent, ip)
     SELECT lower(hex(randomblob(16))), ?1, 'refresh', value, ?2, ?2, ?2 + 9e9, 'a browser', '203.0.113.7'
     FROM json_each(?3)`,
  )
    .bind(accountId, now, JSON.stringify(hashes))
    .run();
  return [0, count >> 1, count - 1].flatMap((index) => tokens[index] ?? []);
}

const refreshed = async (token: string) => (await client.post('/api/refresh', { refresh_token: token })).status;

/** Operations that end all sessions of a person, and whether the caller's own goes on. */
type Ending = (person: Person & Pair, boss: Person & Pair) => Promise<Answer>;
const ENDINGS: Record<string, { readonly end: Ending; readonly keeps: 'own' | 'none'; readonly reason: string }> = {
  'DELETE /api/sessions': {
    end: ({ access_token: token }) => client.delete('/api/sessions', { token }),
    keeps: 'own',
    reason: 'by_owner',
  },
  'POST /api/password': {
    end: ({ access_token: token, password }) =>
      client.post('/api/password', { current_password: password, new_password: 'the next secret' }, { token }),
    keeps: 'own',
    reason: 'password_changed',
  },
  'POST /api/password with end_all, by one of the sessions': {
    async end(person) {
      const token = await sessionToken(client, person);
      const json = { current_password: person.password, new_password: 'the next secret', end_all: true };
      return client.post('/api/password', json, { token });
    },
    keeps: 'none',
    reason: 'password_changed',
  },
  'DELETE /api/admin/users/{id}/sessions': {
    end: ({ id }, { access_token: token }) => client.delete(`/api/admin/users/${id}/sessions`, { token }),
    keeps: 'none',
    reason: 'by_admin',
  },
  'PATCH /api/admin/users/{id}': {
    end: ({ id }, { access_token: token }) => client.patch(`/api/admin/users/${id}`, { active: false }, { token }),
    keeps: 'none',
    reason: 'account_deactivated',
  },
  'POST /admin/users/{id}/end-sessions': {
    async end({ id }, boss) {
      const { cookie, formToken } = await signIn(client, boss);
      return post(client, `/admin/users/${id}/end-sessions`, { form_token: formToken }, cookie);
    },
    keeps: 'none',
    reason: 'by_admin',
  },
};

const eventsOf = async (id: number): Promise<readonly { reason: string; count?: number }[]> => {
  const { results } = await env.DB.prepare(
    "SELECT detail FROM audit_events WHERE account_id = ? AND action = 'session.revoked' ORDER BY id",
  )
    .bind(id)
    .all<{ detail: string }>();
  return results.map(({ detail }) => JSON.parse(detail));
};
/** Sessions that are not marked as revoked, whether they have ended or not. */
const unmarked = async (id: number): Promise<number> => {
  const sql = 'SELECT count(*) AS n FROM sessions WHERE account_id = ? AND revoked_at IS NULL';
  return (await env.DB.prepare(sql).bind(id).first<{ n: number }>())?.n ?? -1;
};

describe.each(Object.entries(ENDINGS))('%s', (name, { end, keeps, reason }) => {
  // 100 at most a minute after they were opened; more in that minute, and an account of version 1 had any number.
  it.each([100, 600, 3000])('ends %i sessions at once, and writes few rows', async (count) => {
    const [person, boss] = [await loggedIn(client), await admin(client)];
    const tokens = await openSessions(person.id, count - 1);
    const lines = requestLines();
    expect((await end(person, boss)).status).toBeLessThan(400);
    const written = lines.at(-1)?.d1_rows_written ?? Number.NaN;
    vi.restoreAllMocks();
    expect(written).toBeLessThanOrEqual(MAX_ROWS);
    for (const token of tokens) expect(await refreshed(token)).toBe(401);
    const own = reason === 'account_deactivated' ? undefined : await refreshed(person.refresh_token);
    expect(own).toBe(reason === 'account_deactivated' ? undefined : keeps === 'own' ? 200 : 401);
    const events = await eventsOf(person.id);
    expect(new Set(events.map((event) => event.reason))).toEqual(new Set([reason]));
    const ended = count - (keeps === 'own' ? 1 : 0) + (name.includes('end_all') ? 1 : 0);
    expect(events.reduce((sum, event) => sum + (event.count ?? 1), 0)).toBe(ended);
    expect(events.length).toBe(ended <= 100 ? ended : 1);
  });
});

describe('more sessions than a request can mark', () => {
  const endOthers = (token: string) => client.delete('/api/sessions', { token });

  it('have ended before a job marks them, and no others have', async () => {
    const [person, other] = [await loggedIn(client), await loggedIn(client)];
    const [token = ''] = await openSessions(person.id, 3000);
    expect((await endOthers(person.access_token)).status).toBe(204);
    expect(await unmarked(person.id)).toBeGreaterThan(1);
    const { body } = await client.get('/api/sessions', { token: person.access_token });
    expect(body.sessions.map(({ current }: { current: boolean }) => current)).toEqual([true]);
    expect(await refreshed(other.refresh_token)).toBe(200);
    await runJobs(env, client.clock);
    expect(await unmarked(person.id)).toBe(1);
    const left = await env.DB.prepare('SELECT count(*) AS n FROM session_endings').first();
    expect(left).toEqual({ n: 0 });
    expect(await refreshed(token)).toBe(401);
    expect(await refreshed(person.refresh_token)).toBe(200);
  });

  it('spare a later login, even one in the same millisecond', async () => {
    const person = await loggedIn(client);
    await openSessions(person.id, 3000);
    await endOthers(person.access_token);
    const later = await logIn(client, person);
    const session = await sessionToken(client, person);
    expect((await client.get('/api/me', { token: session })).status).toBe(200);
    await runJobs(env, client.clock);
    expect((await client.get('/api/me', { token: session })).status).toBe(200);
    expect(await refreshed(later.refresh_token)).toBe(200);
    expect(await unmarked(person.id)).toBe(3);
  });

  it('end again, by another session, with the one that was spared', async () => {
    const person = await loggedIn(client);
    await openSessions(person.id, 3000);
    await endOthers(person.access_token);
    const later = await logIn(client, person);
    const [token = ''] = await openSessions(person.id, 3000);
    expect((await endOthers(later.access_token)).status).toBe(204);
    expect(await refreshed(token)).toBe(401);
    expect(await refreshed(person.refresh_token)).toBe(401);
    expect(await refreshed(later.refresh_token)).toBe(200);
    for (let minute = 0; minute < 2; minute += 1) await runJobs(env, client.clock);
    expect(await unmarked(person.id)).toBe(1);
  });

  it('cannot write on a session that was read before they ended', async () => {
    const person = await loggedIn(client);
    const token = await sessionToken(client, person);
    await openSessions(person.id, 3000);
    const held = heldD1(env.DB);
    const slow = newClient({ DB: held.DB, RATE_LIMITS: 'off' }, { clock: client.clock });
    const came = held.hold(1);
    const answer = slow.patch('/api/me', { username: `renamed ${person.id}` }, { token });
    await came;
    expect((await endOthers(person.access_token)).status).toBe(204);
    held.letGo();
    expect((await answer).status).toBe(401);
  });

  it('go with their account', async () => {
    const person = await loggedIn(client);
    await openSessions(person.id, 1500);
    await endOthers(person.access_token);
    expect((await client.delete('/api/me', { token: person.access_token })).status).toBe(204);
    const sql = 'SELECT count(*) AS n FROM session_endings WHERE account_id = ?';
    expect(await env.DB.prepare(sql).bind(person.id).first()).toEqual({ n: 0 });
  });
});

it('sessions that have ended cost the others nothing: no list and no ending reads them', async () => {
  const person = await loggedIn(client);
  await openSessions(person.id, 3000);
  await env.DB.prepare("UPDATE sessions SET revoked_at = 1 WHERE account_id = ? AND id NOT LIKE '%-%'")
    .bind(person.id)
    .run();
  const lines = requestLines();
  await client.get('/api/sessions', { token: person.access_token });
  await client.delete('/api/sessions', { token: person.access_token });
  vi.restoreAllMocks();
  for (const { d1_rows_read: read } of lines) expect(read).toBeLessThan(50);
  expect(lines.map(({ status }) => status)).toEqual([200, 204]);
});
