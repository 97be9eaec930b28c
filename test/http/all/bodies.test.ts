// Bodies as they arrive: whole or in chunks, with a declared length or without, up to the limit, and cut off.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn } from '../../support/people.ts';
import { signIn } from '../../support/visitor.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const MAX_BYTES = 64 * 1024;

afterEach(() => vi.restoreAllMocks());

/** A body in two chunks, which fails after them where it is cut off. */
const chunks = (text: string, isCutOff = false) => {
  const bytes = new TextEncoder().encode(text);
  const half = bytes.byteLength >> 1;
  const parts = [bytes.slice(0, half), bytes.slice(half)];
  return new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part) controller.enqueue(part);
      else if (isCutOff) controller.error(new Error('Network connection lost.'));
      else controller.close();
    },
  });
};

/** A login of nobody, in this many bytes. */
const loginOf = (bytes: number): string => {
  const text = '{"email":"nobody@example.com","password":"not it","padding":""}';
  return text.replace('""', `"${'x'.repeat(bytes - text.length)}"`);
};

const JSON_TYPE = { 'Content-Type': 'application/json' };
const declared = (length: number) => ({ ...JSON_TYPE, 'Content-Length': String(length) });

describe.each([
  ['whole, with its length', (text: string) => ({ raw: text, headers: declared(text.length) })],
  ['in chunks, with their length', (text: string) => ({ raw: chunks(text), headers: declared(text.length) })],
  ['in chunks, without a length', (text: string) => ({ raw: chunks(text), headers: JSON_TYPE })],
])('a body that comes %s', (_, sendingOf) => {
  it.each([
    ['a short one', 100, 401],
    ['one of 64 KiB', MAX_BYTES, 401],
    ['one of a byte more', MAX_BYTES + 1, 413],
  ])('is answered: %s', async (__, bytes, status) => {
    expect((await client.send('POST', '/api/login', sendingOf(loginOf(bytes)))).status).toBe(status);
  });
});

it('a body that is longer than it declares is held to the limit', async () => {
  const sending = { raw: chunks(loginOf(MAX_BYTES + 1)), headers: declared(100) };
  expect((await client.send('POST', '/api/login', sending)).status).toBe(413);
});

describe('a body that is cut off', () => {
  const TEXT = '{"username":"changed"';

  it.each([
    ['with its length', declared(100)],
    ['without a length', JSON_TYPE],
  ])('changes nothing, and is no error of ours, %s', async (_, headers) => {
    const errors = vi.spyOn(console, 'error');
    const { access_token: token } = await loggedIn(client);
    const { body: before } = await client.get('/api/me', { token });
    const { status, body } = await client.put('/api/me', undefined, { raw: chunks(TEXT, true), headers, token });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'malformed_body' });
    expect((await client.get('/api/me', { token })).body).toEqual(before);
    expect(errors).not.toHaveBeenCalled();
  });

  it('is refused in the words of its form', async () => {
    const errors = vi.spyOn(console, 'error');
    const { cookie } = await signIn(client, await loggedIn(client));
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const raw = () => chunks('grant_type=refresh', true);
    const oauth = await client.send('POST', '/oauth/token', { raw: raw(), headers: type });
    expect({ status: oauth.status, error: oauth.body.error }).toEqual({ status: 400, error: 'invalid_request' });
    const page = { ...type, Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' };
    for (const path of ['/id/profile', '/oauth/authorize'])
      expect((await client.send('POST', path, { raw: raw(), headers: page })).status, path).toBe(400);
    expect(errors).not.toHaveBeenCalled();
  });
});
