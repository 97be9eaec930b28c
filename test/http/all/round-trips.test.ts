// The round trips to storage that an answer waits for, counted on the bindings.
import { createExecutionContext } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import { expect, it } from 'vitest';
import { signToken, verifyToken } from '../../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../../src/domain/tokens/keys.ts';
import { type Answer, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { loggedIn, registered, stranger } from '../../support/people.ts';

const { env: stores, calls, reset } = counted(env);
const client = newClient(stores);

async function tripsOf(call: () => Promise<Answer>, status: number) {
  reset();
  expect((await call()).status).toBe(status);
  return { ...calls };
}

it('checks an access token with no storage at all', async () => {
  const issuer = { name: 'here', keys: await importKeys(env.JWT_KEYS, env.SECRET_KEYS) };
  const token = await signToken(issuer, { accountId: 1, sessionId: 'sid', use: 'access' }, 30, Date.now());
  reset();
  expect(await verifyToken(issuer, token, Date.now())).toEqual({
    accountId: 1,
    sessionId: 'sid',
    use: 'access',
    exp: expect.any(Number),
  });
  expect(calls).toEqual({ d1: 0, kvReads: 0, kvWrites: 0 });
});

it('refuses a bad token with no storage at all', async () => {
  expect(await tripsOf(() => client.get('/api/me', { token: 'garbage' }), 401)).toEqual({
    d1: 0,
    kvReads: 0,
    kvWrites: 0,
  });
});

it('registers in one round trip', async () => {
  await registered(client); // reads the settings
  expect(await tripsOf(() => client.post('/api/register', stranger()), 201)).toEqual({
    d1: 1,
    kvReads: 0,
    kvWrites: 0,
  });
});

it('logs in with two, and a KV write behind the answer', async () => {
  const { email, password } = await registered(client);
  expect(await tripsOf(() => client.post('/api/login', { email, password }), 200)).toEqual({
    d1: 2,
    kvReads: 0,
    kvWrites: 1,
  });
  expect(await tripsOf(() => client.post('/api/login', { email, password: 'not it' }), 401)).toEqual({
    d1: 2,
    kvReads: 0,
    kvWrites: 0,
  });
  expect(await tripsOf(() => client.post('/api/login', { email: stranger().email, password }), 401)).toEqual({
    d1: 2,
    kvReads: 0,
    kvWrites: 0,
  });
});

it('refreshes with one, and a KV write behind the answer', async () => {
  const { refresh_token } = await loggedIn(client);
  expect(await tripsOf(() => client.post('/api/refresh', { refresh_token }), 200)).toEqual({
    d1: 1,
    kvReads: 0,
    kvWrites: 1,
  });
});

it('logs out with one', async () => {
  const { refresh_token } = await loggedIn(client);
  expect(await tripsOf(() => client.post('/api/logout', { refresh_token }), 200)).toEqual({
    d1: 1,
    kvReads: 0,
    kvWrites: 0,
  });
});

it('reads and renames the account, and lists sessions, with one', async () => {
  const { access_token: token, id } = await loggedIn(client);
  expect(await tripsOf(() => client.get('/api/me', { token }), 200)).toEqual({ d1: 1, kvReads: 0, kvWrites: 0 });
  expect(await tripsOf(() => client.patch('/api/me', { username: `renamed ${id}` }, { token }), 200)).toEqual({
    d1: 1,
    kvReads: 0,
    kvWrites: 0,
  });
  expect(await tripsOf(() => client.get('/api/sessions', { token }), 200)).toEqual({ d1: 1, kvReads: 0, kvWrites: 0 });
});

it('sends the answer of a refresh without waiting for KV', async () => {
  const person = await loggedIn(client);
  const never: KVNamespace = Object.assign(Object.create(env.REFRESH_TOKENS), { put: () => new Promise(() => {}) });
  const { createApp } = await import('../../../src/app.ts');
  const request = new Request('http://localhost/api/refresh', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ refresh_token: person.refresh_token }),
  });
  const response = await createApp({ clock: client.clock }).fetch(
    request,
    { ...client.env, REFRESH_TOKENS: never },
    createExecutionContext(),
  );
  expect(response.status).toBe(200);
});
