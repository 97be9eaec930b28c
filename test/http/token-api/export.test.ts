// Your own export: everything that is stored about you, nothing of anybody else, and no secret.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { enrolled } from '../../support/authenticator-app.ts';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, sessionToken } from '../../support/people.ts';

const client = newClient();
const exported = async (token: string) => (await client.get('/api/me/export', { token })).body;

it('has the profile, the sessions, the entities and the events, and says that a password is set', async () => {
  const person = await loggedIn(client);
  const [ended, token] = [await sessionToken(client, person), await sessionToken(client, person)];
  await client.delete('/auth', { token: ended });
  await client.patch(`/user/${person.username}`, { city: 'Lisbon' }, { token });
  const thing = { code: `mine-${person.id}`, type: 'lamp', quantity: 1, visibility: 'private', attributes: { a: 1 } };
  await client.post('/entities', thing, { token });
  const body = await exported(token);
  expect(body.account).toMatchObject({
    id: person.id,
    email: person.email,
    email_verified: false,
    data: { city: 'Lisbon' },
  });
  expect(body.factors).toEqual({ password: true, totp: null, recovery_codes_left: 0, passkeys: [] });
  expect(body.sessions.length).toBe(3);
  expect(body.sessions.filter((session: { ended_at: string | null }) => session.ended_at !== null).length).toBe(1);
  expect(body.entities).toMatchObject([thing]);
  const actions = body.audit_events.map(({ action }: { action: string }) => action);
  expect(actions).toEqual([
    'account.registered',
    ...Array(3).fill('login.succeeded'),
    'session.ended',
    'account.updated',
    'accounts.exported',
  ]);
});

it('has no secret, and nothing of anybody else', async () => {
  const [person, other] = [await loggedIn(client), await loggedIn(client)];
  await client.post(
    '/entities',
    { code: `other-${other.id}`, type: 'lamp', quantity: 1 },
    { token: other.access_token },
  );
  const text = JSON.stringify(await exported(person.access_token));
  for (const secret of ['$cheap$', person.password, person.refresh_token, 'hash', other.email, `other-${other.id}`])
    expect(text).not.toContain(secret);
});

it('has the second factors, and not their secrets', async () => {
  const { access_token: token, secret, codes } = await enrolled(client);
  const body = await exported(token);
  expect(body.factors).toMatchObject({
    password: true,
    totp: { created_at: expect.any(String) },
    recovery_codes_left: 10,
  });
  for (const hidden of [secret, ...codes]) expect(JSON.stringify(body)).not.toContain(hidden);
});

it('asks for recent credentials', async () => {
  const { access_token: token, id } = await loggedIn(client);
  await env.DB.prepare('UPDATE sessions SET authenticated_at = ? WHERE account_id = ?')
    .bind(client.clock() - 601_000, id)
    .run();
  const { status, body } = await client.get('/api/me/export', { token });
  expect({ status, code: body.code }).toEqual({ status: 403, code: 'reauthentication_required' });
});

it('keeps the address and the device of an admin who acted to the admin', async () => {
  const [boss, person] = [await admin(client), await loggedIn(client)];
  const headers = { 'CF-Connecting-IP': '203.0.113.99', 'User-Agent': 'the device of an admin' };
  await client.patch(`/api/admin/users/${person.id}`, { role: 'admin' }, { token: boss.access_token, headers });
  const body = await exported(person.access_token);
  expect(body.audit_events).toContainEqual(
    expect.objectContaining({ action: 'account.role_changed', ip: null, user_agent: null }),
  );
  expect(JSON.stringify(body)).not.toContain('203.0.113.99');
});

it("has the games and their scores, over as many pages as there are, and nobody else's", async () => {
  const [person, other] = [await loggedIn(client), await loggedIn(client)];
  const scores = Array.from({ length: 4000 }, (_, n) => ({ offset: n, score: { home: n, away: 0 } }));
  const game = async (token: string, stamps: object[]): Promise<number> =>
    (await client.post('/games', { stamps }, { token })).body.id;
  const first = await game(person.access_token, scores);
  await game(other.access_token, [{ offset: 5, score: { home: 7, away: 7 } }]);
  const second = await game(person.access_token, scores.slice(0, 3000));
  const body = await exported(person.access_token);
  expect(body.games).toMatchObject([
    { id: first, stamps: 4000, first_offset: 0, last_offset: 3999 },
    { id: second, stamps: 3000 },
  ]);
  expect(body.game_scores.length).toBe(7000);
  expect(body.game_scores[3999]).toEqual({ game_id: first, offset: 3999, home: 3999, away: 0 });
  expect(body.game_scores[4000]).toEqual({ game_id: second, offset: 0, home: 0, away: 0 });
});

it('goes on over as many pages as there are', async () => {
  const person = await loggedIn(client);
  await env.DB.prepare(
    `INSERT INTO audit_events (at, action, account_id, detail)
     WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 450)
     SELECT i, 'login.refused', ?, '{}' FROM n`,
  )
    .bind(person.id)
    .run();
  const { audit_events: events } = await exported(person.access_token);
  expect(events.length).toBe(453);
});

it('is recorded, and not by a HEAD', async () => {
  const { access_token: token, id } = await loggedIn(client);
  const recorded = () =>
    env.DB.prepare("SELECT count(*) AS n FROM audit_events WHERE account_id = ? AND action = 'accounts.exported'")
      .bind(id)
      .first('n');
  await client.send('HEAD', '/api/me/export', { token });
  expect(await recorded()).toBe(0);
  await client.get('/api/me/export', { token });
  expect(await recorded()).toBe(1);
});

it('is refused once the account is deactivated', async () => {
  const { access_token: token, id } = await loggedIn(client);
  await env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
  const { status, body } = await client.get('/api/me/export', { token });
  expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_revoked' });
});
