// Nothing under /auth/… answers outside the envelope; /auth itself is not in it.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { newClient, type Sending } from '../../support/client.ts';
import { intercepted } from '../../support/intercepted.ts';
import { signedIn, stranger } from '../../support/people.ts';

const client = newClient();
const json = { 'Content-Type': 'application/json' };

const sent = async (method: string, path: string, sending?: Sending, by = client) => {
  const { status, body, headers } = await by.send(method, path, sending);
  return { status, body, mediaType: headers.get('Content-Type'), allow: headers.get('Allow') };
};
const says = (status: number, message: string, allow: string | null = null) => ({
  status,
  body: { status: 'error', message },
  mediaType: 'application/json',
  allow,
});

describe.each(['/auth/register', '/auth/login/'])('POST %s', (path) => {
  it.each<[string, Sending]>([
    ['malformed JSON', { raw: '{"email":', headers: json }],
    ['bytes that are not UTF-8', { raw: new Uint8Array([0x22, 0xff, 0x22]), headers: json }],
    ['a form', { form: { ...stranger() } }],
    ['plain text', { raw: JSON.stringify(stranger()), headers: { 'Content-Type': 'text/plain' } }],
    ['JSON with no media type', { raw: new TextEncoder().encode(JSON.stringify(stranger())) }],
    ['10 000 levels', { raw: '['.repeat(10_000) + ']'.repeat(10_000), headers: json }],
  ])('calls %s an invalid payload', async (_, sending) => {
    expect(await sent('POST', path, sending)).toEqual(says(400, 'Invalid payload.'));
  });

  it('says in an envelope that a body is too large', async () => {
    const body = { ...stranger(), padding: 'x'.repeat(64 * 1024) };
    expect(await sent('POST', path, { json: body })).toEqual(says(413, 'Payload too large.'));
  });
});

describe('under /auth/', () => {
  it.each(['/auth/nowhere', '/auth/login/deeper', '/auth/%6cogin%', '/%61uth/nowhere'])(
    '%s is not found',
    async (path) => {
      expect(await sent('GET', path)).toEqual(says(404, 'Not found.'));
    },
  );

  it.each([
    ['GET', '/auth/login', 'POST, OPTIONS'],
    ['DELETE', '/auth/register/', 'POST, OPTIONS'],
    ['PUT', '/auth/logout', 'GET, HEAD, POST, OPTIONS'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    expect(await sent(method, path)).toEqual(says(405, 'Method not allowed.', allow));
  });

  it('a store that does not answer is 503, and any other failure 500, with nothing of its cause', async () => {
    const failing = (message: string) =>
      newClient({
        DB: intercepted(env.DB, () => () => {
          throw new Error(message);
        }),
      });
    const { token } = await signedIn(client);
    const d1 = failing('D1_ERROR: no such table: secrets: SQLITE_ERROR');
    expect(await sent('GET', '/auth/status', { token }, d1)).toEqual(
      says(503, 'Service unavailable. Please try again.'),
    );
    const bug = failing('a secret');
    expect(await sent('GET', '/auth/status', { token }, bug)).toEqual(
      says(500, 'Something went wrong. Please try again.'),
    );
  });

  it('a flood is 429', async () => {
    const headers = { 'CF-Connecting-IP': '203.0.113.77' };
    let last = await client.post('/auth/login', {}, { headers });
    for (let round = 0; round < 200 && last.status !== 429; round += 1)
      last = await client.post('/auth/login', {}, { headers });
    expect(last.body).toEqual({ status: 'error', message: 'Too many requests. Please try again later.' });
    expect(last.headers.get('Retry-After')).toBe('10');
  });
});

describe('/auth itself', () => {
  it.each(['/auth', '/auth/'])('speaks in problem details: %s', async (path) => {
    const { status, body, headers } = await client.get(path);
    expect({ status, code: body.code, allow: headers.get('Allow') }).toEqual({
      status: 405,
      code: 'method_not_allowed',
      allow: 'POST, DELETE, OPTIONS',
    });
  });

  it.each(['/author', '/api/auth/login', '/'])('and so does what only looks like it: POST %s', async (path) => {
    expect((await client.post(path, {})).headers.get('Content-Type')).toBe('application/problem+json');
  });
});
