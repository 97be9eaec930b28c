// The cost of a session token's check: one query for the token and the account, then the operation's own statement.
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { admin, loggedIn, registered, sessionToken, signedIn, stranger } from '../../support/people.ts';

const { env: stores, calls, reset } = counted(env);
const client = newClient(stores);

async function queries(call: () => Promise<Answer>, status: number): Promise<number> {
  reset();
  expect((await call()).status).toBe(status);
  expect(calls).toMatchObject({ kvReads: 0, kvWrites: 0 });
  return calls.d1;
}

it('registers and logs in with one, by the Envelope API', async () => {
  await registered(client); // reads the settings
  expect(await queries(() => client.post('/auth/register', stranger()), 201)).toBe(1);
});

it('signs up with one, by the Session API', async () => {
  await registered(client);
  expect(await queries(() => client.post('/user', stranger()), 201)).toBe(1);
});

it.each(['/auth', '/auth/login'])('logs in with two, right or wrong, known or not: %s', async (path) => {
  const person = await registered(client);
  const no = path === '/auth' ? 401 : 404;
  expect(await queries(() => client.post(path, person), 200)).toBe(2);
  expect(await queries(() => client.post(path, { ...person, password: 'not it' }), no)).toBe(2);
  expect(await queries(() => client.post(path, stranger()), no)).toBe(2);
});

it('reads the account with one, by either kind of token', async () => {
  const person = await loggedIn(client);
  for (const token of [person.access_token, await sessionToken(client, person)]) {
    for (const path of ['/', '/auth/status', '/auth/account', `/user/${person.username}`]) {
      expect(await queries(() => client.get(path, { token }), 200)).toBe(1);
    }
  }
});

it('asks nothing for a stranger', async () => {
  for (const headers of [{}, { Authorization: 'Bearer garbage' }]) {
    expect(await queries(() => client.get('/', { headers }), 200)).toBe(0);
    expect(await queries(() => client.get('/auth/status', { headers }), 401)).toBe(0);
    expect(await queries(() => client.get('/user/ben', { headers }), 401)).toBe(0);
  }
});

it('changes, deletes and logs out with one more', async () => {
  const { token, username } = await signedIn(client);
  const path = `/user/${username}`;
  expect(await queries(() => client.put(path, { x: 1 }, { token }), 200)).toBe(2);
  expect(await queries(() => client.patch(path, { y: 1 }, { token }), 200)).toBe(2);
  expect(await queries(() => client.delete(path, { token }), 204)).toBe(2);
  for (const [method, logout, status] of [
    ['GET', '/auth/logout', 200],
    ['POST', '/auth/logout', 200],
    ['DELETE', '/auth', 204],
  ] as const) {
    const held = (await signedIn(client)).token;
    expect(await queries(() => client.send(method, logout, { token: held }), status)).toBe(2);
  }
});

it("forbids another's account with one, whether it exists or not", async () => {
  const [{ token }, other] = [await signedIn(client), await registered(client)];
  for (const username of [other.username, stranger().username]) {
    expect(await queries(() => client.get(`/user/${username}`, { token }), 403)).toBe(1);
    expect(await queries(() => client.put(`/user/${username}`, { x: 1 }, { token }), 403)).toBe(1);
  }
});

it("reads and replaces another's as an admin with one more", async () => {
  const [token, { username }] = [await sessionToken(client, await admin(client)), await registered(client)];
  expect(await queries(() => client.get(`/user/${username}`, { token }), 200)).toBe(2);
  expect(await queries(() => client.put(`/user/${username}`, { x: 1 }, { token }), 200)).toBe(2);
  expect(await queries(() => client.patch(`/user/${username}`, { y: 1 }, { token }), 200)).toBe(3);
});
