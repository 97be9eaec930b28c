// The cost of our own Argon2id hashes, and the form in which the library gets a password.

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
export const ARGON2_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32 };
/** Not 16, as version 1 had: the length tells its hashes from ours, see argon2id.ts. */
export const SALT_BYTES = 18;

const { memoryCost, timeCost, parallelism } = ARGON2_COST;
export const CURRENT_PREFIX = `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=${parallelism}$`;

/**
 * A text that makes the library hash the whole password and nothing else. The library takes the length in UTF-16 code
 * units for the length in bytes, and would drop the end of every password that is not ASCII.
 */
export const wholePassword = (password: string): string =>
  password + '\0'.repeat(new TextEncoder().encode(password).byteLength - password.length);
