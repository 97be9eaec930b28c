// The answer to a refresh concerns the session that asked for it; a session opened meanwhile keeps its pair.
import { describe, expect, it } from 'vitest';
import { memoryStorage, type TokenStorage } from '../../client/src/index.ts';
import { annAndBob, newClient, newServer } from '../support/latchkey-clients.ts';

const A_MINUTE_MS = 60 * 1000;

/** The same storage for a client that shares no lock with its other clients, such as another process. */
const unlocked = (storage: TokenStorage): TokenStorage => ({ ...storage });

describe('a refresh of an old pair', () => {
  it('leaves the pair of the login that came after it where it is refused', async () => {
    const { clock, send } = newServer();
    const storage = memoryStorage();
    const [client, other] = [newClient(send, storage), newClient(send, unlocked(storage))];
    const { bob } = await annAndBob(client);
    clock.advance(A_MINUTE_MS);
    const { reached, release } = client.hold('/api/refresh');
    const late = client.api.GET('/api/me');
    await reached;
    await other.logout();
    await other.login(bob);
    const pair = await storage.get();
    release();

    expect((await late).response.status).toBe(401);
    expect(await storage.get()).toEqual(pair);
    expect(client.onSessionEnded).not.toHaveBeenCalled();
  });

  it('leaves the pair of the login that came after it where it succeeds', async () => {
    const { clock, send } = newServer();
    const storage = memoryStorage();
    const [client, other] = [newClient(send, storage), newClient(send, unlocked(storage))];
    const { bob } = await annAndBob(client);
    clock.advance(A_MINUTE_MS);
    const { reached, release } = client.hold('/api/refresh');
    const late = client.api.GET('/api/me');
    await reached;
    await other.login(bob);
    const pair = await storage.get();
    release();

    expect((await late).response.status).toBe(401);
    expect(await storage.get()).toEqual(pair);
  });

  it('does not reopen a session that was ended meanwhile', async () => {
    const { clock, send } = newServer();
    const storage = memoryStorage();
    const client = newClient(send, storage);
    await annAndBob(client);
    clock.advance(A_MINUTE_MS);
    const { reached, release } = client.hold('/api/refresh');
    const late = client.api.GET('/api/me');
    await reached;
    await storage.set(undefined);
    release();

    expect((await late).response.status).toBe(401);
    expect(await client.isLoggedIn()).toBe(false);
  });

  it('happens once for all clients that share a storage', async () => {
    const { clock, send } = newServer();
    const storage = memoryStorage();
    const clients = [newClient(send, storage), newClient(send, storage)];
    const [client] = clients;
    if (client) await annAndBob(client);
    clock.advance(A_MINUTE_MS);
    const answers = await Promise.all(clients.map(({ api }) => api.GET('/api/me')));

    expect(answers.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(clients.flatMap(({ sent }) => sent).filter((path) => path === '/api/refresh')).toHaveLength(1);
  });
});
