// Between the read and the write of one call another is answered: the write checks again, and has no effect.
import { env } from 'cloudflare:workers';
import { pbkdf2Sync } from 'node:crypto';
import { expect, it } from 'vitest';
import { argon2id } from '../../../src/domain/passwords/argon2id.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { heldD1 } from '../../support/held-d1.ts';
import { admin, loggedIn, registered, sessionToken, signedIn } from '../../support/people.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const held = heldD1(env.DB);
const realClient = newClient({ RATE_LIMITS: 'off' }, { clock: client.clock, hashing: argon2id });
const slowToHash = newClient({ RATE_LIMITS: 'off', DB: held.DB }, { clock: client.clock, hashing: argon2id });
const slow = newClient({ RATE_LIMITS: 'off', DB: held.DB }, { clock: client.clock });

/** Answers `call`, whose D1 call with this number, counted from 0, came only after `meanwhile` was answered. */
async function overtaken(
  call: () => Promise<Answer>,
  atD1Call: number,
  meanwhile: () => Promise<Answer>,
): Promise<Answer> {
  const came = held.hold(atD1Call);
  const answer = call();
  await Promise.race([
    came,
    answer.then(({ text }) => Promise.reject(new Error(`answered before it was held: ${text}`))),
  ]);
  expect((await meanwhile()).status).toBeLessThan(300);
  held.letGo();
  return answer;
}

const liveSessions = async (id: number): Promise<number> => {
  const { results } = await env.DB.prepare('SELECT id FROM sessions WHERE account_id = ? AND revoked_at IS NULL')
    .bind(id)
    .all();
  return results.length;
};

it.each(['/api/login', '/auth', '/token'])('a login at %s whose password was changed opens nothing', async (path) => {
  const { id, username, password, access_token: token } = await loggedIn(client);
  const change = { current_password: password, new_password: 'another secret' };
  const { status } = await overtaken(
    () => slow.post(path, { username, password }),
    1,
    () => client.post('/api/password', change, { token }),
  );
  expect({ status, sessions: await liveSessions(id) }).toEqual({ status: 401, sessions: 1 });
});

it.each(['/api/login', '/auth', '/token'])(
  'a login at %s whose hash a login replaced opens a session',
  async (path) => {
    const { id, username, password } = await registered(client);
    const digest = pbkdf2Sync(password, 'salt', 1000, 32, 'sha256').toString('hex');
    await env.DB.prepare('UPDATE password_credentials SET hash = ? WHERE account_id = ?')
      .bind(`pbkdf2:sha256:1000$salt$${digest}`, id)
      .run();
    const { status } = await overtaken(
      () => slowToHash.post(path, { username, password }),
      1,
      () => realClient.post('/api/login', { username, password }),
    );
    expect(status).toBeLessThan(300);
  },
);

it('a login whose account was deactivated opens nothing', async () => {
  const { access_token: token } = await admin(client);
  const { id, username, password } = await registered(client);
  const deactivate = () => client.patch(`/api/admin/users/${id}`, { active: false }, { token });
  const { status } = await overtaken(() => slow.post('/api/login', { username, password }), 1, deactivate);
  expect({ status, sessions: await liveSessions(id) }).toEqual({ status: 403, sessions: 0 });
});

it('a login whose account was deleted opens nothing', async () => {
  const { username, password, access_token: token } = await loggedIn(client);
  const { status } = await overtaken(
    () => slow.post('/api/login', { username, password }),
    1,
    () => client.delete('/api/me', { token }),
  );
  expect(status).toBe(401);
});

it('a password change that another overtook changes nothing', async () => {
  const { username, password, access_token: token } = await loggedIn(client);
  const change = (it: typeof client, new_password: string) =>
    it.post('/api/password', { current_password: password, new_password }, { token });
  const { status } = await overtaken(
    () => change(slow, 'the first secret'),
    1,
    () => change(client, 'the second secret'),
  );
  expect(status).toBe(403);
  await sessionToken(client, { username, password: 'the second secret' });
});

it('a change of data that another overtook is merged into it', async () => {
  const { username, token } = await signedIn(client);
  const patch = (it: typeof client, json: object) => it.patch(`/user/${username}`, json, { token });
  const { status, body } = await overtaken(
    () => patch(slow, { a: 1 }),
    1,
    () => patch(client, { b: 2 }),
  );
  expect({ status, a: body.a, b: body.b }).toEqual({ status: 200, a: 1, b: 2 });
});

it('a deletion by a former admin deletes nothing', async () => {
  const [former, other] = [await admin(client), await admin(client)];
  const { username, id } = await registered(client);
  const demote = () => client.patch(`/api/admin/users/${former.id}`, { role: 'user' }, { token: other.access_token });
  // The account of the caller, the account that is meant, the batch that deletes it.
  const { status } = await overtaken(() => slow.delete(`/user/${username}`, { token: former.access_token }), 2, demote);
  expect(status).toBe(403);
  expect((await client.get(`/api/admin/users/${id}`, { token: other.access_token })).status).toBe(200);
});

it('an account deactivated while it deletes itself stays', async () => {
  const boss = await admin(client);
  const { id, access_token: token } = await loggedIn(client);
  const deactivate = () => client.patch(`/api/admin/users/${id}`, { active: false }, { token: boss.access_token });
  expect((await overtaken(() => slow.delete('/api/me', { token }), 0, deactivate)).status).toBe(401);
  expect((await client.get(`/api/admin/users/${id}`, { token: boss.access_token })).body.active).toBe(false);
});
