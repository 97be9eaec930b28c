// Keys come from one secret: the first signs, all verify, and each purpose has MAC keys of its own.
import { describe, expect, it, vi } from 'vitest';
import { newKeySet, rotated } from '../../../scripts/key-set.ts';
import { importKeys } from '../../../src/domain/tokens/keys.ts';

const parsed = (keySet: string): { keys: Record<string, unknown>[] } => JSON.parse(keySet);

describe('a key set', () => {
  it('signs with its first key, and verifies with all', async () => {
    const old = await newKeySet();
    const keySet = await rotated(old);
    const [current, older] = parsed(keySet).keys;
    const keys = await importKeys(keySet);
    expect(keys.signing.kid).toBe(current?.kid);
    expect([...keys.verifying.keys()]).toEqual([current?.kid, older?.kid]);
    expect(older).toEqual(parsed(old).keys[0]);
  });

  it('publishes no private part', async () => {
    const keySet = await newKeySet();
    const [jwk] = parsed(keySet).keys;
    const { published, verifying, signing } = await importKeys(keySet);
    const { x, y, kid } = jwk ?? {};
    expect(published).toEqual([{ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }]);
    expect([...verifying.values()].map(({ type, usages }) => ({ type, usages }))).toEqual([
      { type: 'public', usages: ['verify'] },
    ]);
    expect(signing.key).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] });
  });

  it('is refused unless each key is an ES256 private key with a kid, in words without the secret', async () => {
    const good = parsed(await newKeySet()).keys[0];
    const without = (name: string) => ({ ...good, [name]: undefined });
    const sets: readonly unknown[] = [
      { keys: [] },
      { keys: [without('d')] },
      { keys: [without('kid')] },
      { keys: [without('x')] },
      { keys: [good, without('d')] },
      { keys: [{ ...good, crv: 'P-384' }] },
      { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'one' }] },
      {},
      null,
    ];
    const message = 'JWT_KEYS is not a JWK set of ES256 private keys with a kid each';
    for (const text of [...sets.map((set) => JSON.stringify(set)), 'my secret', ''])
      await expect(importKeys(text)).rejects.toThrow(new Error(message));
  });
});

describe('the MAC keys of a purpose', () => {
  it('are derived once, one for each key of the set', async () => {
    const keys = await importKeys(await rotated(await newKeySet()));
    const derive = vi.spyOn(crypto.subtle, 'deriveKey');
    const first = await keys.mac('list cursor');
    expect(first).toHaveLength(2);
    expect(await keys.mac('list cursor')).toBe(first);
    expect(derive).toHaveBeenCalledTimes(2);
    for (const key of first) expect(key).toMatchObject({ type: 'secret', extractable: false });
  });
});
