// Issuers with keys of their own, as `npm run keys` makes them.
import { newKeySet } from '../../../scripts/key-set.ts';
import type { Issuer } from '../../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../../src/domain/tokens/keys.ts';

export const newIssuer = async (name = 'https://latchkey.example'): Promise<Issuer> => ({
  name,
  keys: await importKeys(await newKeySet()),
});
