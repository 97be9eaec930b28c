// Refusals in the trail: one a minute for each account and action, however many there are.
import { env } from 'cloudflare:workers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { payloadOf } from '../../support/jwt.ts';
import { admin, loggedIn, signedIn } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { post, signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
let boss: string;

beforeAll(async () => {
  boss = (await admin(client)).access_token;
});
beforeEach(() => client.clock.advance(1));

type Event = { action: string; actor_id: number | null; user_id: number | null; ip: string | null; detail: object };

const eventsOf = async (id: number, action: string): Promise<readonly Event[]> => {
  const { results } = await env.DB.prepare(
    'SELECT actor_id, account_id AS user_id, ip, detail FROM audit_events WHERE account_id = ? AND action = ? ORDER ' +
      'BY id',
  )
    .bind(id, action)
    .all<Event & { detail: string }>();
  return results.map((event) => ({ ...event, detail: JSON.parse(event.detail) }));
};
const detailsOf = async (id: number, action: string) => (await eventsOf(id, action)).map(({ detail }) => detail);

/** A new token of an account, whose old one has expired. */
async function freshToken(id: number): Promise<string> {
  const row = await env.DB.prepare('SELECT email FROM accounts WHERE id = ?').bind(id).first<{ email: string }>();
  const email = row?.email ?? '';
  const password = `secret of ${email.split('@')[0]}`;
  return (await client.post('/api/login', { email, password })).body.access_token;
}

describe('a call that only admins may make', () => {
  const refused = { operation: 'PATCH /api/admin/users/{id}' };
  const call = (token: string, it: Client = client) => it.patch('/api/admin/users/1', { active: false }, { token });

  it('is on record where a signed-in account makes it, with its address and operation', async () => {
    const { id, token } = await signedIn(client);
    const headers = { 'CF-Connecting-IP': '203.0.113.77' };
    const json = { active: false };
    expect((await client.send('PATCH', '/api/admin/users/1', { json, token, headers })).status).toBe(403);
    expect(await eventsOf(id, 'access.refused')).toEqual([
      { actor_id: id, user_id: id, ip: '203.0.113.77', detail: refused },
    ]);
    const { body } = await client.get(`/api/admin/audit?user_id=${id}&action=access.refused`, { token: boss });
    expect(body.events).toMatchObject([{ action: 'access.refused', detail: refused }]);
  });

  it('is on record once a minute, many at once too', async () => {
    const { id, access_token: token } = await loggedIn(client);
    for (let round = 0; round < 3; round += 1) await Promise.all(Array.from({ length: 20 }, () => call(token)));
    expect(await detailsOf(id, 'access.refused')).toEqual([refused]);
    client.clock.advance(59_999);
    expect((await call(await freshToken(id))).status).toBe(403);
    expect(await detailsOf(id, 'access.refused')).toHaveLength(1);
    client.clock.advance(1);
    await call(await freshToken(id));
    expect(await detailsOf(id, 'access.refused')).toHaveLength(2);
  });

  it('is on record once a minute in isolates that know nothing of each other', async () => {
    const { id, access_token: token } = await loggedIn(client);
    for (let isolate = 0; isolate < 3; isolate += 1) {
      const other = newClient({}, { clock: client.clock });
      await Promise.all([1, 2, 3].map(() => call(token, other)));
    }
    expect(await detailsOf(id, 'access.refused')).toEqual([refused]);
  });

  it('costs D1 nothing but the check, once it is on record', async () => {
    const { env: stores, calls, reset } = counted(env);
    const here = newClient(stores, { clock: client.clock });
    const { access_token: token } = await loggedIn(here);
    await call(token, here);
    reset();
    for (let time = 0; time < 5; time += 1) await call(token, here);
    expect(calls.d1).toBe(5);
  });

  it('is on record for an admin who was demoted while it was made', async () => {
    const held = heldD1(env.DB);
    const slow = newClient({ DB: held.DB }, { clock: client.clock });
    const former = await admin(client);
    const came = held.hold(1);
    const answer = call(former.access_token, slow);
    await came;
    await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    held.letGo();
    expect((await answer).status).toBe(403);
    expect(await detailsOf(former.id, 'access.refused')).toEqual([refused]);
  });

  it('is on record on the pages as well', async () => {
    const former = await admin(client);
    const { cookie, formToken } = await signIn(client, former);
    await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE id = ?").bind(former.id).run();
    expect((await client.get('/admin/users/1?q=a', { headers: { Cookie: cookie } })).status).toBe(403);
    client.clock.advance(60_000);
    expect((await post(client, '/admin/users/1/demote', { form_token: formToken }, cookie)).status).toBe(403);
    expect(await detailsOf(former.id, 'access.refused')).toEqual([
      { operation: 'GET /admin/users/:id' },
      { operation: 'POST /admin/users/:id/demote' },
    ]);
  });

  it('is not on record without a valid token', async () => {
    const count = () => env.DB.prepare("SELECT count(*) FROM audit_events WHERE action = 'access.refused'").first();
    const before = await count();
    for (const token of ['', 'garbage']) expect((await call(token)).status).toBe(401);
    expect((await client.get('/admin')).status).toBe(303);
    expect(await count()).toEqual(before);
  });
});

describe('a refused refresh of a known session', () => {
  const refresh = (refresh_token: string) => client.post('/api/refresh', { refresh_token });
  const sid = (token: string) => payloadOf(token).sid;

  it('is on record: it has expired', async () => {
    await configure(client, { REFRESH_TOKEN_LIFETIME: '60' });
    const { id, access_token, refresh_token } = await loggedIn(client);
    await configure(client, { REFRESH_TOKEN_LIFETIME: null });
    client.clock.advance(61_000);
    expect((await refresh(refresh_token)).status).toBe(401);
    expect(await eventsOf(id, 'refresh.refused')).toEqual([
      { actor_id: null, user_id: id, ip: null, detail: { session_id: sid(access_token), reason: 'expired' } },
    ]);
  });

  it('is on record: it was ended, and a rotated token of it comes back', async () => {
    const { id, access_token, refresh_token } = await loggedIn(client);
    const next = (await refresh(refresh_token)).body.refresh_token;
    await client.post('/api/logout', { refresh_token: next });
    const detail = { session_id: sid(access_token), reason: 'session_ended' };
    for (const token of [next, refresh_token]) {
      client.clock.advance(60_000);
      expect((await refresh(token)).status).toBe(401);
    }
    expect(await detailsOf(id, 'refresh.refused')).toEqual([detail, detail]);
  });

  it('is on record: its account was deactivated', async () => {
    const { id, access_token, refresh_token } = await loggedIn(client);
    await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    expect((await refresh(refresh_token)).status).toBe(401);
    expect(await detailsOf(id, 'refresh.refused')).toEqual([
      { session_id: sid(access_token), reason: 'account_deactivated' },
    ]);
  });

  it('is on record once a minute for each account', async () => {
    const { id, refresh_token } = await loggedIn(client);
    await client.post('/api/logout', { refresh_token });
    await Promise.all(Array.from({ length: 20 }, () => refresh(refresh_token)));
    await refresh(refresh_token);
    expect(await detailsOf(id, 'refresh.refused')).toHaveLength(1);
    client.clock.advance(60_000);
    await refresh(refresh_token);
    expect(await detailsOf(id, 'refresh.refused')).toHaveLength(2);
  });

  it('is none where the token is theft, made up, or presented to log out', async () => {
    const count = () => env.DB.prepare("SELECT count(*) FROM audit_events WHERE action = 'refresh.refused'").first();
    const before = await count();
    const [thief, left] = [await loggedIn(client), await loggedIn(client)];
    await refresh(thief.refresh_token);
    expect((await refresh(thief.refresh_token)).status).toBe(401);
    expect(await detailsOf(thief.id, 'session.reuse_detected')).toHaveLength(1);
    expect((await refresh(crypto.randomUUID())).status).toBe(401);
    await client.post('/api/logout', { refresh_token: left.refresh_token });
    expect((await client.post('/api/logout', { refresh_token: left.refresh_token })).status).toBe(401);
    expect(await count()).toEqual(before);
  });
});
