// Sixteen MiB of JSON may be hundreds of MiB of objects, which would end the isolate and every request in it; such a body is not parsed.
import { expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { signedIn } from '../../support/people.ts';

const client = newClient();
const ALMOST_16_MIB = 16 * 1024 * 1024 - 64;
const owner = await signedIn(client);

const filledWith = (part: (number: number) => string, open: string, close: string): string => {
  const parts: string[] = [];
  let length = 0;
  for (let number = 0; length < ALMOST_16_MIB - 32; number += 1) {
    const text = part(number);
    parts.push(text);
    length += text.length + 1;
  }
  return `{"stamps":${open}${parts.join(',')}${close}}`;
};

it.each([
  ['empty objects', () => '{}', '[', ']'],
  ['empty arrays', () => '[]', '[', ']'],
  ['members, each of another name', (number: number) => `"${number.toString(36)}":0`, '{', '}'],
])('refuses a game of millions of %s before it is parsed', { timeout: 60_000 }, async (_, part, open, close) => {
  const raw = filledWith(part, open, close);
  const { status, body } = await client.send('POST', '/games', {
    raw,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${owner.token}` },
  });
  expect({ status, code: body.code, message: body.errors[0].message }).toEqual({
    status: 400,
    code: 'invalid_body',
    message: 'must have at most 500000 objects and arrays, and 1000000 members',
  });
});

it('takes a game of 200 000 stamps', { timeout: 60_000 }, async () => {
  const stamps = Array.from({ length: 200_000 }, (_, offset) => ({ offset, score: { home: offset % 7, away: 0 } }));
  const { status, body } = await client.post('/games', { stamps }, { token: owner.token });
  expect({ status, stamps: body.stamps }).toEqual({ status: 201, stamps: 200_000 });
});
