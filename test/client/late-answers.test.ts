// An answer that comes late ends the session whose token it was about; a session opened since then stays.
import { describe, expect, it } from 'vitest';
import { memoryStorage, type TokenStorage } from '../../client/src/index.ts';
import { annAndBob, newClient, newServer, type Send } from '../support/latchkey-clients.ts';
import { stranger } from '../support/people.ts';

const A_MINUTE_MS = 60 * 1000;

/** So that the access tokens of the account are revoked. */
async function deleteAccount(send: Send, person: { readonly email: string; readonly password: string }) {
  const elsewhere = newClient(send);
  await elsewhere.login(person);
  expect((await elsewhere.api.DELETE('/api/me')).response.status).toBe(204);
}

describe('a late token_revoked of an old session', () => {
  it('leaves the pair of the login that came after it', async () => {
    const { send } = newServer();
    const storage = memoryStorage();
    const client = newClient(send, storage);
    const { ann, bob } = await annAndBob(client);
    const { reached, release } = client.hold('/api/me');
    const late = client.api.GET('/api/me');
    await reached;
    await deleteAccount(send, ann);
    await client.logout();
    await client.login(bob);
    const pair = await storage.get();
    release();

    expect((await late).error?.code).toBe('token_revoked');
    expect(await storage.get()).toEqual(pair);
    expect(client.onSessionEnded.mock.calls).toEqual([['logged_out']]);
    expect((await client.api.GET('/api/me')).data?.email).toBe(bob.email);
  });

  it('leaves the pair of a login of another client that shares the storage', async () => {
    const { send } = newServer();
    const storage = memoryStorage();
    const [client, other] = [newClient(send, storage), newClient(send, storage)];
    const { ann, bob } = await annAndBob(client);
    const { reached, release } = client.hold('/api/me');
    const late = client.api.GET('/api/me');
    await reached;
    await deleteAccount(send, ann);
    await other.logout();
    await other.login(bob);
    release();

    expect((await late).error?.code).toBe('token_revoked');
    expect((await other.api.GET('/api/me')).data?.email).toBe(bob.email);
    expect(client.onSessionEnded).not.toHaveBeenCalled();
    expect(other.onSessionEnded.mock.calls).toEqual([['logged_out']]);
  });

  it('is handled before or after a login, never in the middle of one', async () => {
    const { send } = newServer();
    const storage = memoryStorage();
    const slow = { reached: Promise.withResolvers<void>(), released: Promise.withResolvers<void>() };
    let isSlow = false;
    const get = async () => {
      const pair = await storage.get();
      if (isSlow) {
        isSlow = false;
        slow.reached.resolve();
        await slow.released.promise;
      }
      return pair;
    };
    const client = newClient(send, { ...storage, get });
    const { ann, bob } = await annAndBob(client);
    const { reached, release } = client.hold('/api/me');
    const late = client.api.GET('/api/me');
    await reached;
    await deleteAccount(send, ann);
    isSlow = true;
    release();
    await slow.reached.promise;
    const login = client.login(bob);
    // Were there no lock, the login above would be through before these two.
    for (const elsewhere of [newClient(send), newClient(send)]) await elsewhere.login(bob);
    slow.released.resolve();

    expect((await late).error?.code).toBe('token_revoked');
    expect((await login).response.status).toBe(200);
    expect((await client.api.GET('/api/me')).data?.email).toBe(bob.email);
  });

  it('ends the session also where its pair was refreshed meanwhile', async () => {
    const { clock, send } = newServer();
    const client = newClient(send);
    const { ann } = await annAndBob(client);
    const { reached, release } = client.hold('/auth/status');
    const late = client.api.GET('/auth/status');
    await reached;
    clock.advance(28_000);
    expect((await client.api.GET('/api/me')).response.status).toBe(200);
    expect(client.sent).toContain('/api/refresh');
    await deleteAccount(send, ann);
    release();

    expect((await late).response.status).toBe(401);
    expect(client.onSessionEnded.mock.calls).toEqual([['refused']]);
    expect(await client.isLoggedIn()).toBe(false);
  });
});

it('a call whose token expired is not sent again as the person who logged in meanwhile', async () => {
  const { clock, send } = newServer();
  const client = newClient(send);
  const { bob } = await annAndBob(client);
  const { reached, release } = client.hold('/api/me');
  const late = client.api.PATCH('/api/me', { body: { username: stranger().username } });
  await reached;
  clock.advance(A_MINUTE_MS);
  await client.logout();
  await client.login(bob);
  release();

  expect((await late).response.status).toBe(401);
  expect((await client.api.GET('/api/me')).data?.username).toBe(bob.username);
});

it('a logout leaves the pair of a login that came between its read and its write', async () => {
  const { send } = newServer();
  const storage = memoryStorage();
  const other = newClient(send, storage);
  const { bob } = await annAndBob(other);
  const asked = await storage.get();
  await other.login(bob);
  const pair = await storage.get();
  const answers = [asked];
  const client = newClient(send, { ...storage, get: () => answers.shift() ?? storage.get() });
  await client.logout();

  expect(await storage.get()).toEqual(pair);
  expect(client.onSessionEnded).not.toHaveBeenCalled();
  expect(client.sent).toEqual(['/api/logout']);
});

it('a message of an old logout in the middle of a login does not end the new session', async () => {
  const { send } = newServer();
  const storage = memoryStorage();
  let changed = () => {};
  const set: TokenStorage['set'] = async (pair) => {
    if (pair) changed(); // another tab's message, before the pair is there
    await storage.get();
    await storage.set(pair);
  };
  const watch: TokenStorage['watch'] = (callback) => {
    changed = callback;
  };
  const client = newClient(send, { ...storage, set, watch });
  await annAndBob(client);

  expect(client.onSessionEnded).not.toHaveBeenCalled();
  expect(await client.isLoggedIn()).toBe(true);
});
