// Issuers with keys of their own, as `npm run keys` makes them.
import { newSecrets, rotated } from '../../../scripts/key-set.ts';
import type { Issuer } from '../../../src/domain/tokens/jwt.ts';
import { importKeys, type Keys } from '../../../src/domain/tokens/keys.ts';

export const newIssuer = async (name = 'https://latchkey.example'): Promise<Issuer> => ({
  name,
  keys: await newKeys(),
});

async function newKeys(): Promise<Keys> {
  const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
  return importKeys(JWT_KEYS, SECRET_KEYS);
}

/** Keys, and the keys after a rotation of both secrets. */
export async function rotatedKeys(): Promise<readonly [before: Keys, after: Keys]> {
  const { JWT_KEYS, SECRET_KEYS } = await newSecrets();
  const [signing, secret] = [await rotated('JWT_KEYS', JWT_KEYS), await rotated('SECRET_KEYS', SECRET_KEYS)];
  return [await importKeys(JWT_KEYS, SECRET_KEYS), await importKeys(signing, secret)];
}
