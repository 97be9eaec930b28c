// The client against the real Worker: one refresh for all waiting calls, a retry where a token expired, and the
// notification of a session's end.
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLatchkey, type LatchkeyOptions, memoryStorage } from '../../client/src/index.ts';
import { type RunningWorker, startedWorker } from './support/worker.ts';

const LIFETIME_SECONDS = 2;

let worker: RunningWorker;
beforeAll(async () => {
  worker = await startedWorker();
  await worker.env.CONFIG.put('ACCESS_TOKEN_LIFETIME', String(LIFETIME_SECONDS));
});
afterAll(() => worker.stop());

/** A client that records its calls of `/api/refresh` and their answers. */
function newClient(options: Partial<LatchkeyOptions> = {}) {
  const refreshes: { readonly token: string; readonly status: number }[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const token = request.url.endsWith('/api/refresh')
      ? ((await request.clone().json()) as { refresh_token: string }).refresh_token
      : '';
    const answer = await globalThis.fetch(request);
    if (token) refreshes.push({ token, status: answer.status });
    return answer;
  };
  const onSessionEnded = vi.fn();
  const latchkey = createLatchkey({ baseUrl: worker.origin, fetch, onSessionEnded, ...options });
  return { ...latchkey, refreshes, onSessionEnded };
}

type TestClient = ReturnType<typeof newClient>;

async function loggedIn(
  options: Partial<LatchkeyOptions> = {},
): Promise<TestClient & { readonly credentials: Credentials }> {
  const client = newClient(options);
  const credentials = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse' };
  expect((await client.register(credentials)).response.status).toBe(201);
  expect((await client.login(credentials)).response.status).toBe(200);
  return { ...client, credentials };
}

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/**
 * How many call at once: few enough that a slow machine answers them within a second, or no token would live long
 * enough.
 */
const CALLERS = 10;

/** Calls until the time is up; resolves to the statuses of the answers. */
async function callUntil(deadline: number, { api }: TestClient): Promise<readonly number[]> {
  const statuses: number[] = [];
  while (Date.now() < deadline) statuses.push((await api.GET('/api/me')).response.status);
  return statuses;
}

describe('the pair', () => {
  it('is refreshed once per expiry in real time, and no call fails', async () => {
    const client = await loggedIn();
    const startedAt = Date.now();
    const statuses = await Promise.all(Array.from({ length: CALLERS }, () => callUntil(startedAt + 6_000, client)));
    const seconds = (Date.now() - startedAt) / 1000;

    expect(new Set(statuses.flat())).toEqual(new Set([200]));
    expect(statuses.flat().length).toBeGreaterThan(CALLERS);
    expect(new Set(client.refreshes.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(client.refreshes.map(({ token }) => token)).size).toBe(client.refreshes.length);
    // A token is used for nine tenths of its life, which whole seconds make one to two seconds here.
    expect(client.refreshes.length).toBeLessThanOrEqual(Math.ceil(seconds / 0.9));
    expect(client.refreshes.length).toBeGreaterThanOrEqual(Math.floor(seconds / LIFETIME_SECONDS) - 1);
  });

  it('is refreshed and the call repeated with its body where the token had expired unnoticed', async () => {
    const storage = memoryStorage();
    const client = await loggedIn({
      storage: { ...storage, set: (pair) => storage.set(pair && { ...pair, refresh_at: Infinity }) },
    });
    await sleep(LIFETIME_SECONDS * 1000 + 100);
    const answers = await Promise.all([
      client.api.PATCH('/api/me', { body: { username: `late ${client.credentials.email.slice(0, 8)}` } }),
      client.api.GET('/auth/status'),
    ]);
    expect(answers.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(answers[0].data?.username).toBe(`late ${client.credentials.email.slice(0, 8)}`);
    expect(client.refreshes).toHaveLength(1);
  });

  it('is kept where a refresh could not be decided, and the call answers as the refresh did', async () => {
    const storage = memoryStorage();
    let down = true;
    const fetch = (request: Request) =>
      down && request.url.endsWith('/api/refresh')
        ? Promise.resolve(new Response('{}', { status: 503 }))
        : globalThis.fetch(request);
    const client = await loggedIn({ storage, fetch });
    await sleep(LIFETIME_SECONDS * 1000 + 100);
    const statuses = async () =>
      (await Promise.all([1, 2, 3].map(() => client.api.GET('/api/me')))).map(({ response }) => response.status);
    expect(await statuses()).toEqual([503, 503, 503]);
    down = false;
    expect(await statuses()).toEqual([200, 200, 200]);
    expect(client.onSessionEnded).not.toHaveBeenCalled();
  });
});

it('a call is retried only once', async () => {
  const sent: string[] = [];
  const pair = { access_token: 'a', refresh_token: 'r', expires_in: 30 };
  const fetch = async ({ url }: Request): Promise<Response> => {
    sent.push(new URL(url).pathname);
    return url.endsWith('/api/me') ? Response.json({ code: 'token_expired' }, { status: 401 }) : Response.json(pair);
  };
  const client = newClient({ fetch });
  await client.login({ email: 'user@example.com', password: 'password' });
  const { response } = await client.api.GET('/api/me');
  expect(response.status).toBe(401);
  expect(sent).toEqual(['/api/login', '/api/me', '/api/refresh', '/api/me']);
});

describe('the end of a session', () => {
  it('is reported once when another device revoked it, however many calls fail', async () => {
    const client = await loggedIn();
    const other = newClient();
    await other.login(client.credentials);
    expect((await other.api.DELETE('/api/sessions')).response.status).toBe(204);
    await sleep(LIFETIME_SECONDS * 1000);
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.api.GET('/api/me')));
    expect(new Set(answers.map(({ response }) => response.status))).toEqual(new Set([401]));
    expect(client.onSessionEnded.mock.calls).toEqual([['refused']]);
    expect(client.refreshes.map(({ status }) => status)).toEqual([401]);
    expect(await client.isLoggedIn()).toBe(false);
  });

  it('is reported when the account was deleted', async () => {
    const client = await loggedIn();
    expect((await client.api.DELETE('/api/me')).response.status).toBe(204);
    expect((await client.api.GET('/api/me')).response.status).toBe(401);
    expect(client.onSessionEnded.mock.calls).toEqual([['refused']]);
  });

  it('is reported at a logout, which ends it on the server too; another login starts a new one', async () => {
    const storage = memoryStorage();
    const client = await loggedIn({ storage });
    const token = (await storage.get())?.refresh_token ?? '';
    expect((await client.logout())?.data).toEqual({ success: 'User logged out.' });
    expect(client.onSessionEnded.mock.calls).toEqual([['logged_out']]);
    expect((await client.api.POST('/api/refresh', { body: { refresh_token: token } })).error?.code).toBe(
      'invalid_refresh_token',
    );
    await client.login(client.credentials);
    expect((await client.api.GET('/api/me')).data?.email).toBe(client.credentials.email);
  });
});
