// A flood from one address is refused before it costs anything; other addresses, other calls and valid refreshes go on.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/domain/network.ts';
import { hashToken } from '../../../src/domain/sessions/refresh-token.ts';
import { type Client, newClient } from '../../support/client.ts';
import { counted } from '../../support/counting.ts';
import { operationAt } from '../../support/document.ts';
import { loggedIn, registered, stranger } from '../../support/people.ts';

const client = newClient();
const LIMIT = 60;

const from = (it: Client, address: string, path = '/api/refresh') =>
  it.post(path, { refresh_token: 'none', ...stranger() }, { headers: { 'CF-Connecting-IP': address } });

/** Sends until refused; the window is aligned to the wall clock, so one may end on the way. */
async function sendUntilRefused(it: Client, address: string, path?: string) {
  for (let sent = 1; sent <= 3 * LIMIT; sent += 1) {
    const answer = await from(it, address, path);
    if (answer.status === 429) return { ...answer, sent };
  }
  throw new Error('never refused');
}

describe('a flood', () => {
  it('is answered 429 with a Retry-After, for that address and that kind of call', async () => {
    const { body, headers, sent } = await sendUntilRefused(client, '203.0.113.9');
    expect(sent).toBeGreaterThan(LIMIT);
    expect({ code: body.code, retryAfter: headers.get('Retry-After') }).toEqual({
      code: 'too_many_requests',
      retryAfter: '10',
    });
    expect((await from(client, '203.0.113.9')).status).toBe(429);
    expect((await from(client, '203.0.113.10')).status).toBe(401);
    expect((await from(client, '203.0.113.9', '/api/logout')).status).toBe(401);
    expect((await client.get('/healthz', { headers: { 'CF-Connecting-IP': '203.0.113.9' } })).status).toBe(200);
  });

  it('from one IPv6 network counts together', async () => {
    let address = 0;
    for (let sent = 0; sent < 3 * LIMIT; sent += 1) {
      if ((await from(client, `2001:db8:1:2::${(address++).toString(16)}`)).status === 429) break;
    }
    expect(address).toBeLessThan(3 * LIMIT);
    expect((await from(client, '2001:db8:1:3::1')).status).toBe(401);
  });

  it('is let through when RATE_LIMITS is off', async () => {
    const open = newClient({ RATE_LIMITS: 'off' });
    const answers = await Promise.all(Array.from({ length: 2 * LIMIT }, () => from(open, '203.0.113.11')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });
});

/** Refreshes or logs out with a right token. */
const present = (it: Client, path: string, refresh_token: string, address: string) =>
  it.post(path, { refresh_token }, { headers: { 'CF-Connecting-IP': address } });

/** Right tokens of as many sessions of one account. */
async function refreshTokens(count: number): Promise<string[]> {
  const { id } = await registered(client);
  const tokens = Array.from({ length: count }, () => crypto.randomUUID());
  const hashes = await Promise.all(tokens.map(hashToken));
  await env.DB.prepare(
    `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at)
     SELECT 'session ' || value, ?, 'refresh', value, 0, 0, 9e12 FROM json_each(?)`,
  )
    .bind(id, JSON.stringify(hashes))
    .run();
  return tokens;
}

describe('refreshes and logouts', () => {
  it('of 300 clients behind one address are all accepted, round after round', async () => {
    let tokens = await refreshTokens(300);
    for (let round = 0; round < 2; round += 1) {
      const answers = await Promise.all(tokens.map((token) => present(client, '/api/refresh', token, '203.0.113.20')));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      tokens = answers.map(({ body }) => body.refresh_token);
    }
    const leaving = tokens.slice(0, 2 * LIMIT);
    const answers = await Promise.all(leaving.map((token) => present(client, '/api/logout', token, '203.0.113.20')));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it.each([
    ['/api/refresh', '/api/logout'],
    ['/api/logout', '/api/refresh'],
  ])('are limited apart: over the limit of %s, %s goes on', async (path, other) => {
    const address = path === '/api/refresh' ? '203.0.113.21' : '203.0.113.22';
    const { refresh_token } = await loggedIn(client);
    await sendUntilRefused(client, address, path);
    expect((await from(client, address, other)).status).toBe(401);
    expect((await present(client, other, refresh_token, address)).status).toBe(200);
  });

  it('over the limit are refused before any work, right ones too, until Retry-After has passed', async () => {
    const { env: stores, calls, reset } = counted(env);
    const here = newClient(stores);
    const { refresh_token } = await loggedIn(here);
    await sendUntilRefused(here, '203.0.113.23');
    reset();
    here.clock.advance(3001);
    const { status, headers } = await present(here, '/api/refresh', refresh_token, '203.0.113.23');
    expect({ status, retryAfter: headers.get('Retry-After'), calls }).toEqual({
      status: 429,
      retryAfter: '7',
      calls: { d1: 0, kvReads: 0, kvWrites: 0 },
    });
    here.clock.advance(6999);
    expect((await present(here, '/api/refresh', refresh_token, '203.0.113.23')).status).toBe(200);
  });

  it('have their limits in the OpenAPI document', async () => {
    for (const path of ['/api/refresh', '/api/logout']) {
      const operation = await operationAt('POST', path);
      expect(JSON.stringify(operation?.responses['429'])).toContain('too_many_requests');
    }
  });
});

describe('networkOf', () => {
  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
