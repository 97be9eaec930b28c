// Signing keys come from one secret, of which the first signs and all verify; keys for MACs come from another.
import { describe, expect, it, vi } from 'vitest';
import { newKeySet, newSecrets, rotated } from '../../../scripts/key-set.ts';
import { importKeys } from '../../../src/domain/tokens/keys.ts';

const parsed = (keySet: string): { keys: Record<string, unknown>[] } => JSON.parse(keySet);

describe('a set of signing keys', () => {
  it('signs with its first key, and verifies with all', async () => {
    const { JWT_KEYS: old, SECRET_KEYS } = await newSecrets();
    const keySet = await rotated('JWT_KEYS', old);
    const [current, older] = parsed(keySet).keys;
    const keys = await importKeys(keySet, SECRET_KEYS);
    expect(keys.signing.kid).toBe(current?.kid);
    expect([...keys.verifying.keys()]).toEqual([current?.kid, older?.kid]);
    expect(older).toEqual(parsed(old).keys[0]);
  });

  it('publishes no private part', async () => {
    const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
    const [jwk] = parsed(JWT_KEYS).keys;
    const { published, verifying, signing } = await importKeys(JWT_KEYS, SECRET_KEYS);
    const { x, y, kid } = jwk ?? {};
    expect(published).toEqual([{ kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' }]);
    expect([...verifying.values()].map(({ type, usages }) => ({ type, usages }))).toEqual([
      { type: 'public', usages: ['verify'] },
    ]);
    expect(signing.key).toMatchObject({ type: 'private', extractable: false, usages: ['sign'] });
  });

  it('is refused unless each key is an ES256 private key with a kid, in words without the secret', async () => {
    const good = parsed(await newKeySet('JWT_KEYS')).keys[0];
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
    const secretKeys = await newKeySet('SECRET_KEYS');
    const message = 'JWT_KEYS is not a JWK set of its kind, with a kid in each key (npm run keys)';
    for (const text of [...sets.map((set) => JSON.stringify(set)), 'my secret', ''])
      await expect(importKeys(text, secretKeys)).rejects.toThrow(new Error(message));
  });
});

describe('a set of secret keys', () => {
  it('is refused unless each key is symmetric, of 256 bits and with a kid, in words without the secret', async () => {
    const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
    const good = parsed(SECRET_KEYS).keys[0];
    const sets: readonly unknown[] = [
      { keys: [] },
      { keys: [{ ...good, kid: undefined }] },
      { keys: [{ ...good, k: 'c2hvcnQ' }] },
      { keys: [good, { ...good, kty: 'EC' }] },
      parsed(JWT_KEYS),
    ];
    const message = 'SECRET_KEYS is not a JWK set of its kind, with a kid in each key (npm run keys)';
    for (const text of [...sets.map((set) => JSON.stringify(set)), 'my secret', ''])
      await expect(importKeys(JWT_KEYS, text)).rejects.toThrow(new Error(message));
  });

  it('has keys of its own for each purpose, derived once, one for each key of the set', async () => {
    const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
    const { derived } = await importKeys(JWT_KEYS, await rotated('SECRET_KEYS', SECRET_KEYS));
    const derive = vi.spyOn(crypto.subtle, 'deriveKey');
    const first = await derived.mac('list cursor');
    expect(first).toHaveLength(2);
    expect(await derived.mac('list cursor')).toBe(first);
    expect(derive).toHaveBeenCalledTimes(2);
    for (const { key } of first) expect(key).toMatchObject({ type: 'secret', extractable: false });
  });

  it('recognises with the secrets of version 1 the refresh tokens of version 1 alone', async () => {
    const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
    const { derived } = await importKeys(await rotated('JWT_KEYS', JWT_KEYS), SECRET_KEYS);
    expect(await derived.mac('refresh successor')).toHaveLength(3);
    expect(await derived.mac('one-time token')).toHaveLength(1);
    expect(await derived.encryption('totp secret')).toHaveLength(1);
  });
});
