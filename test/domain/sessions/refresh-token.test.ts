// A token's successor is the same for every retry, and nobody derives it without the secret.
import { describe, expect, it } from 'vitest';
import {
  descendantHashes,
  hashToken,
  newRefreshToken,
  successorOf,
  successorsOf,
} from '../../../src/domain/sessions/refresh-token.ts';
import { newIssuer, rotatedKeys } from '../../support/domain/issuer.ts';

const TOKEN = 'd9428888-122b-41e1-b85c-61a7b8a1f2f3';

it('the first token of a session is a random UUID', () => {
  const tokens = Array.from({ length: 100 }, newRefreshToken);
  for (const token of tokens)
    expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(tokens).size).toBe(100);
});

it('a token is stored as its SHA-256', async () => {
  expect(await hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

describe('a successor', () => {
  it('is a UUID of version 8', async () => {
    const { keys } = await newIssuer();
    for (let token = TOKEN, round = 0; round < 50; round += 1) {
      token = await successorOf(keys, token);
      expect(token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
  });

  it('is the same for every retry, and another for another token and for other keys', async () => {
    const [{ keys }, other] = [await newIssuer(), await newIssuer()];
    const successor = await successorOf(keys, TOKEN);
    expect(await successorOf(keys, TOKEN)).toBe(successor);
    expect(await successorOf(keys, newRefreshToken())).not.toBe(successor);
    expect(await successorOf(other.keys, TOKEN)).not.toBe(successor);
  });

  it('is known under each key of the set, the current one’s first', async () => {
    const [old, keys] = await rotatedKeys();
    expect(await successorsOf(keys, TOKEN)).toEqual([
      await successorOf(keys, TOKEN),
      await successorOf(old, TOKEN),
      // Version 1 derived them from the signing keys.
      expect.any(String),
      expect.any(String),
    ]);
  });
});

it('the next eight tokens of a family are known by their hashes, under each key', async () => {
  const [old, keys] = await rotatedKeys();
  const expected: string[] = [];
  for (const first of await successorsOf(keys, TOKEN)) {
    for (let token = first, round = 0; round < 8; round += 1) {
      expected.push(await hashToken(token));
      token = await successorOf(keys, token);
    }
  }
  expect(await descendantHashes(keys, TOKEN)).toEqual(expected);
  expect(await descendantHashes(old, TOKEN)).toHaveLength(2 * 8);
});
