// With a KV that shows writes late, remembers misses and keeps its limits, everything works, except that old thefts are
// recognised late.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Client, newClient } from '../support/client.ts';
import { stoppedClock } from '../support/clock.ts';
import { LATEST_MS, lyingKv } from '../support/lying-kv.ts';
import { loggedIn } from '../support/people.ts';

const late = () => LATEST_MS;

function clientOfLyingKv() {
  const clock = stoppedClock();
  const REFRESH_TOKENS = lyingKv(env.REFRESH_TOKENS, clock, late);
  return newClient({ REFRESH_TOKENS, CONFIG: lyingKv(env.CONFIG, clock, late) }, { clock });
}

/** Refreshes a number of times in a row, and returns the last token. */
async function spend(client: Client, refresh_token: string, times: number): Promise<string> {
  if (times === 0) return refresh_token;
  client.clock.advance(100);
  const { status, body } = await client.post('/api/refresh', { refresh_token });
  expect(status).toBe(200);
  return spend(client, body.refresh_token, times - 1);
}

describe('the KV of these tests', () => {
  it('shows a write late, remembers a miss, and refuses what KV refuses', async () => {
    const clock = stoppedClock();
    const kv = lyingKv(env.CONFIG, clock, late);
    expect(await kv.get('key')).toBeNull();
    await kv.put('key', 'value');
    expect(await kv.get('key')).toBeNull();
    await expect(kv.put('key', 'value')).rejects.toThrow('429');
    await expect(kv.put('other', 'value', { expirationTtl: 59 })).rejects.toThrow('400');
    clock.advance(LATEST_MS);
    expect(await kv.get('key')).toBe('value');
    expect(await kv.get(['key'])).toEqual(new Map([['key', 'value']]));
  });
});

describe('with a KV that lies', () => {
  it('a chain of refreshes goes on, faster than KV shows any of it', async () => {
    const client = clientOfLyingKv();
    const { refresh_token } = await loggedIn(client);
    await spend(client, refresh_token, 20);
  });

  it.each([1, 8])(
    'a token rotated %i refreshes ago is known as stolen at once, because D1 can tell',
    async (generations) => {
      const client = clientOfLyingKv();
      const { refresh_token: first } = await loggedIn(client);
      const last = await spend(client, first, generations);
      expect((await client.post('/api/refresh', { refresh_token: first })).status).toBe(401);
      expect((await client.post('/api/refresh', { refresh_token: last })).status).toBe(401);
    },
  );

  it('an older one is refused at once, and known as stolen once KV shows it', async () => {
    const client = clientOfLyingKv();
    const { refresh_token: first } = await loggedIn(client);
    const last = await spend(client, first, 9);
    expect((await client.post('/api/refresh', { refresh_token: first })).status).toBe(401);
    const next = await spend(client, last, 1);
    client.clock.advance(2 * LATEST_MS);
    expect((await client.post('/api/refresh', { refresh_token: first })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: next })).status).toBe(401);
  });

  it('a revoked session stays dead, whatever KV still shows', async () => {
    const client = clientOfLyingKv();
    const { refresh_token } = await loggedIn(client);
    client.clock.advance(2 * LATEST_MS);
    expect((await client.post('/api/logout', { refresh_token })).status).toBe(200);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
  });
});
