// A form's token is valid for the forms of its own session.
import { beforeAll, expect, it } from 'vitest';
import { csrfTokenOf, isCsrfToken } from '../../../src/domain/tokens/csrf-token.ts';
import type { Keys } from '../../../src/domain/tokens/keys.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

let keys: Keys;
let token: string;
beforeAll(async () => {
  ({ keys } = await newIssuer());
  token = await csrfTokenOf(keys, 'a session');
});

it('a form’s token is the same on each page of its session', async () => {
  expect(token).toMatch(/^[0-9a-f]{64}$/);
  expect(await csrfTokenOf(keys, 'a session')).toBe(token);
  expect(await isCsrfToken(keys, 'a session', token)).toBe(true);
});

it('a form’s token is refused in another session', async () => {
  expect(await isCsrfToken(keys, 'another session', token)).toBe(false);
});

it('a token that was made up is refused', async () => {
  const last = token.endsWith('0') ? '1' : '0';
  for (const made of [
    '',
    token.slice(2),
    `${token}00`,
    token.slice(0, 63),
    token.toUpperCase().padEnd(64, 'A'),
    'g'.repeat(64),
  ])
    if (made !== token) expect(await isCsrfToken(keys, 'a session', made), made).toBe(false);
  expect(await isCsrfToken(keys, 'a session', token.slice(0, 63) + last)).toBe(false);
});

it('a form that was open during a rotation of the keys is accepted', async () => {
  const [before, after] = await rotatedKeys();
  const open = await csrfTokenOf(before, 'a session');
  expect(await isCsrfToken(after, 'a session', open)).toBe(true);
  expect(await isCsrfToken(keys, 'a session', open)).toBe(false);
});
