// Hashing that costs nothing, for tests whose subject is not hashing. The salt makes two hashes of a password differ.
import type { Hashing } from '../../src/domain/passwords/hash.ts';
import { normalisePassword } from '../../src/domain/passwords/policy.ts';
import { refuseHash } from '../../src/domain/passwords/verifiers/table.ts';

export const cheapHashing: Hashing = {
  hash: async (password) => `$cheap$${crypto.randomUUID()}$${normalisePassword(password)}`,
  verify: async (passwordHash, password) =>
    passwordHash !== undefined && passwordHash.slice('$cheap$'.length + 37) === normalisePassword(password),
  isOutdated: (passwordHash) => !passwordHash.startsWith('$cheap$'),
  refuse: (passwordHash) => (passwordHash.startsWith('$cheap$') ? undefined : refuseHash(passwordHash, {})),
};
