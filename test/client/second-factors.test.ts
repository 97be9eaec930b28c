// The client with accounts that have an authenticator app: codes at a login, and credentials that are proven again.
import { env } from 'cloudflare:workers';
import { describe, expect, it, vi } from 'vitest';
import { memoryStorage } from '../../client/src/index.ts';
import type { Clock } from '../support/clock.ts';
import { codeAt, STEP_MS, wrongCode } from '../support/codes.ts';
import { annAndBob, newClient, newServer, type TestClient } from '../support/latchkey-clients.ts';

const REAUTHENTICATION_AGE_MS = 600 * 1000;

/** Gives the logged-in person an authenticator app; returns the function that makes a fresh code. */
async function enrol({ api }: TestClient, clock: Clock) {
  const secret = (await api.POST('/api/factors/totp')).data?.secret ?? '';
  const confirmed = await api.POST('/api/factors/totp/confirm', { body: { otp: codeAt(secret, clock()) } });
  const [recoveryCode = ''] = confirmed.data?.recovery_codes ?? [];
  expect(recoveryCode).not.toBe('');
  const nextCode = () => {
    clock.advance(2 * STEP_MS);
    return codeAt(secret, clock());
  };
  return { nextCode, recoveryCode, wrongCode: () => wrongCode(secret, clock()) };
}

/** Ann, logged out, whose account has an authenticator app. */
async function annWithAnApp() {
  const { clock, send } = newServer();
  const onSecondFactor = vi.fn();
  const storage = memoryStorage();
  const client = newClient(send, storage, { onSecondFactor });
  const { ann } = await annAndBob(client);
  const app = await enrol(client, clock);
  await client.logout();
  return { client, send, storage, onSecondFactor, ann, app };
}

describe('a login with a second factor', () => {
  it('takes the code with the password, and then asks for none', async () => {
    const { client, ann, app, onSecondFactor } = await annWithAnApp();
    expect((await client.login({ ...ann, otp: app.nextCode() })).response.status).toBe(200);
    expect((await client.api.GET('/api/me')).data?.email).toBe(ann.email);
    expect(onSecondFactor).not.toHaveBeenCalled();
  });

  it('asks for a code where one is needed, and again where it was wrong', async () => {
    const { client, ann, app, onSecondFactor } = await annWithAnApp();
    onSecondFactor.mockImplementationOnce(app.wrongCode).mockImplementationOnce(async () => app.recoveryCode);
    expect((await client.login(ann)).response.status).toBe(200);
    expect(onSecondFactor.mock.calls).toMatchObject([
      [{ code: 'second_factor_required', factors: ['totp', 'recovery_code'] }],
      [{ code: 'invalid_second_factor' }],
    ]);
    expect(await client.isLoggedIn()).toBe(true);
  });

  it('returns the refusal where the person gives up', async () => {
    const { client, ann, onSecondFactor } = await annWithAnApp();
    expect((await client.login(ann)).error?.code).toBe('second_factor_required');
    expect(onSecondFactor).toHaveBeenCalledTimes(1);
    expect(await client.isLoggedIn()).toBe(false);
  });

  it('asks for nothing where the password is wrong', async () => {
    const { client, ann, onSecondFactor } = await annWithAnApp();
    expect((await client.login({ ...ann, password: 'not hers' })).error?.code).toBe('invalid_credentials');
    expect(onSecondFactor).not.toHaveBeenCalled();
  });

  it('does not block other clients of the storage while the person looks for the code', async () => {
    const { client, ann, app, onSecondFactor, send, storage } = await annWithAnApp();
    const asked = Promise.withResolvers<void>();
    const found = Promise.withResolvers<string>();
    onSecondFactor.mockImplementationOnce(() => {
      asked.resolve();
      return found.promise;
    });
    const login = client.login(ann);
    await asked.promise;
    const other = newClient(send, storage);
    expect((await other.login({ ...ann, otp: app.nextCode() })).response.status).toBe(200);
    found.resolve(app.recoveryCode);
    expect((await login).response.status).toBe(200);
  });
});

/** Ann, logged in, with credentials that are no longer recent. */
async function annOfOld() {
  const { clock, send } = newServer();
  const onReauthentication = vi.fn();
  const onSecondFactor = vi.fn();
  const storage = memoryStorage();
  const client = newClient(send, storage, { onReauthentication, onSecondFactor });
  const { ann, bob } = await annAndBob(client);
  clock.advance(REAUTHENTICATION_AGE_MS + 1000);
  return { client, clock, send, storage, onReauthentication, onSecondFactor, ann, bob };
}

const TOTP_PATH = '/api/factors/totp';

describe('a call that needs recent credentials', () => {
  it('is sent again, once, when they were proven', async () => {
    const { client, onReauthentication, ann } = await annOfOld();
    onReauthentication.mockImplementation(async () => (await client.reauthenticate(ann)).response.ok);
    expect((await client.api.POST(TOTP_PATH)).response.status).toBe(201);
    expect(onReauthentication).toHaveBeenCalledTimes(1);
    expect((await client.api.POST(TOTP_PATH)).response.status).toBe(201);
    expect(onReauthentication).toHaveBeenCalledTimes(1);
  });

  it('keeps its body, also where its token had expired unnoticed', async () => {
    await env.CONFIG.put('REAUTHENTICATE_FOR_CHANGES', 'true');
    const { client, storage, onReauthentication, ann } = await annOfOld();
    const pair = await storage.get();
    await storage.set(pair && { ...pair, refresh_at: Infinity });
    onReauthentication.mockImplementation(async () => (await client.reauthenticate(ann)).response.ok);
    const sentBefore = client.sent.length;
    const changed = await client.api.PATCH('/api/me', { body: { username: 'Ann of old' } });
    await env.CONFIG.delete('REAUTHENTICATE_FOR_CHANGES');
    expect(changed.data?.username).toBe('Ann of old');
    const paths = ['/api/me', '/api/refresh', '/api/me', '/api/reauthenticate', '/api/me'];
    expect(client.sent.slice(sentBefore)).toEqual(paths);
  });

  it('asks once for all calls that wait', async () => {
    const { client, onReauthentication, ann } = await annOfOld();
    onReauthentication.mockImplementation(async () => (await client.reauthenticate(ann)).response.ok);
    const calls = Array.from({ length: 5 }, () => client.api.POST('/api/passkeys/options'));
    const answers = await Promise.all(calls);
    expect(answers.map(({ response }) => response.status)).toEqual([200, 200, 200, 200, 200]);
    expect(onReauthentication).toHaveBeenCalledTimes(1);
  });

  it.each([
    { told: false, sent: 1 },
    { told: true, sent: 2 },
  ])('returns its refusal where they were not proven, with $told reported', async ({ told, sent }) => {
    const { client, onReauthentication } = await annOfOld();
    onReauthentication.mockReturnValue(told);
    const { error } = await client.api.POST(TOTP_PATH);
    expect(error?.code).toBe('reauthentication_required');
    expect(client.sent.filter((path) => path === TOTP_PATH)).toHaveLength(sent);
    expect(onReauthentication).toHaveBeenCalledTimes(1);
  });

  it('is not sent as somebody else, who logged in meanwhile', async () => {
    const { client, onReauthentication, bob } = await annOfOld();
    onReauthentication.mockImplementation(async () => {
      await client.logout();
      return (await client.login(bob)).response.ok;
    });
    expect((await client.api.POST(TOTP_PATH)).error?.code).toBe('token_required');
    expect((await client.api.GET('/api/factors')).data?.totp).toBeNull();
  });
});

it('a reauthentication asks for the code that an account needs beside its password', async () => {
  const { client, clock, onSecondFactor, ann } = await annOfOld();
  await client.reauthenticate(ann);
  const app = await enrol(client, clock);
  onSecondFactor.mockImplementation(app.nextCode);
  expect((await client.reauthenticate(ann)).response.status).toBe(204);
  expect(onSecondFactor).toHaveBeenCalledTimes(1);
});
