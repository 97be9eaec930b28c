// The client's passkeys on a platform with a software authenticator: the options it uses, and when it asks again.
import { afterEach, expect, it, vi } from 'vitest';
import { memoryStorage, supportsPasskeys } from '../../client/src/index.ts';
import { annAndBob, newClient, newServer, type Send } from '../support/latchkey-clients.ts';
import { newAuthenticator } from '../support/soft-authenticator.ts';

type Authenticator = ReturnType<typeof newAuthenticator>;
type OptionsOf<Ceremony extends 'create' | 'get'> = Parameters<Authenticator[Ceremony]>[0];

interface Asked {
  readonly publicKey: OptionsOf<'create'> & OptionsOf<'get'>;
  readonly signal?: AbortSignal;
  readonly mediation?: string;
}

const abort = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));

/** A browser whose person picks their passkey at once, unless `picks` says that they wait. */
function browser(picks: (asked: Asked) => boolean = () => true) {
  const authenticator = newAuthenticator();
  const toJSON = (json: unknown) => ({ toJSON: () => json });
  const create = vi.fn(async ({ publicKey }: Asked) => toJSON(await authenticator.create(publicKey)));
  const get = vi.fn(async (asked: Asked) =>
    picks(asked) ? toJSON(await authenticator.get(asked.publicKey)) : abort(asked.signal),
  );
  const same = (options: unknown) => options;
  vi.stubGlobal('PublicKeyCredential', { parseCreationOptionsFromJSON: same, parseRequestOptionsFromJSON: same });
  vi.stubGlobal('navigator', { credentials: { create, get } });
  return { create, get };
}
afterEach(() => vi.unstubAllGlobals());

/** A client of somebody who has a passkey, logged out. */
async function withPasskey(send: Send) {
  const client = newClient(send, memoryStorage());
  const { ann } = await annAndBob(client);
  expect((await client.addPasskey({ name: 'Laptop' })).data).toMatchObject({ name: 'Laptop' });
  await client.logout();
  return { client, ann };
}

it('a passkey that was added logs in, and is enough to reauthenticate', async () => {
  browser();
  const { send } = newServer();
  const { client, ann } = await withPasskey(send);
  expect((await client.loginWithPasskey()).response.status).toBe(200);
  expect((await client.api.GET('/api/me')).data?.email).toBe(ann.email);
  expect((await client.reauthenticateWithPasskey()).response.status).toBe(204);
});

it('a field that waits for longer than a challenge is valid gets another one', async () => {
  let tries = 0;
  const { get } = browser(() => {
    tries += 1;
    return tries > 1;
  });
  const { send } = newServer();
  const hasty: Send = async (request) => {
    const answer = await send(request);
    if (!request.url.endsWith('/api/login/passkey/options')) return answer;
    return Response.json({ ...((await answer.json()) as object), timeout: 50 });
  };
  const { client } = await withPasskey(hasty);
  expect((await client.loginWithPasskey({ mediation: 'conditional' })).response.status).toBe(200);
  expect(get.mock.calls.map(([{ mediation }]) => mediation)).toEqual(['conditional', 'conditional']);
  const challenges = get.mock.calls.map(([{ publicKey }]) => publicKey.challenge);
  expect(new Set(challenges).size).toBe(2);
});

it.each([undefined, 'conditional' as const])('a cancelled login throws, mediation %s', async (mediation) => {
  const { get } = browser(() => false);
  const { send } = newServer();
  const { client } = await withPasskey(send);
  const controller = new AbortController();
  const login = client.loginWithPasskey({ mediation, signal: controller.signal });
  await vi.waitFor(() => expect(get).toHaveBeenCalledTimes(1));
  controller.abort();
  await expect(login).rejects.toMatchObject({ name: 'AbortError' });
  expect(get).toHaveBeenCalledTimes(1);
  expect(await client.isLoggedIn()).toBe(false);
});

it('a platform without passkeys says so, and asks nobody', async () => {
  expect(supportsPasskeys()).toBe(false);
  const { send } = newServer();
  const client = newClient(send);
  await expect(client.loginWithPasskey()).rejects.toThrow('passkeys are not supported here');
  browser();
  expect(supportsPasskeys()).toBe(true);
});
