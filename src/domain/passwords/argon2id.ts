// Argon2id by WebAssembly: passwords are stored as PHC strings and compared by the library alone.
import Argon2, { Argon2Type } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';
import type { Hashing } from './hash.ts';
import { normalisePassword } from './policy.ts';

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { type: Argon2Type.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32 };
const CURRENT = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

// An unknown account's password is compared with this hash, so that it costs as much. No password is known to match.
const NOBODY = `${CURRENT}bGF0Y2hrZXktbm9ib2R5IQ$sLrLdj5H9W/gkLZ9jTYWLjhlYLD0U9Zr9rDEzIkjO8Q`;

// One instance per isolate, made for the first password: WASM memory never shrinks, and start-up should not pay for it.
let instance: Argon2 | undefined;
const argon2 = (): Argon2 => {
  instance ??= new Argon2(new WebAssembly.Instance(wasm));
  return instance;
};

export const argon2id: Hashing = {
  hash: async (password) => argon2().hash(normalisePassword(password), COST).encoded,

  verify: async (passwordHash, password) => {
    const hash = passwordHash ?? NOBODY;
    const matches = argon2().tryVerify(hash, normalisePassword(password), Argon2Type.Argon2id).success;
    return matches && passwordHash !== undefined;
  },

  isOutdated: (passwordHash) => !passwordHash.startsWith(CURRENT),
};
