// A flood from one address is refused before it costs anything; other addresses and other calls go on.
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../src/domain/network.ts';
import { type Client, newClient } from '../../support/client.ts';
import { stranger } from '../../support/people.ts';

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
    expect((await from(client, '203.0.113.10')).status).toBe(401);
    expect((await from(client, '203.0.113.9', '/api/logout')).status).toBe(429);
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
