// Passwords are kept as Argon2id PHC strings and compared by the library alone.
import Argon2, { Argon2Type } from '@phi-ag/argon2';
import wasm from '@phi-ag/argon2/argon2.wasm';

export const PASSWORD_MAX_LENGTH = 256;

/** OWASP's first choice for Argon2id: 19 MiB, two passes, one lane. */
const COST = { type: Argon2Type.Argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1, hashLength: 32 };
const CURRENT = `$argon2id$v=19$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`;

// What an unknown account is compared with, so that it costs what a known one does. No password is known to match it.
const NOBODY = `${CURRENT}bGF0Y2hrZXktbm9ib2R5IQ$sLrLdj5H9W/gkLZ9jTYWLjhlYLD0U9Zr9rDEzIkjO8Q`;

// One instance an isolate, made at the first password: WASM memory never shrinks, and a start-up should not pay for it.
let instance: Argon2 | undefined;
const argon2 = (): Argon2 => {
  instance ??= new Argon2(new WebAssembly.Instance(wasm));
  return instance;
};

const normalise = (password: string): string => password.normalize('NFKC');

/** Length in code points after NFKC, which is what the limits count. */
export const passwordLength = (password: string): number => [...normalise(password)].length;

/** The PHC string of a password under today's parameters. */
export const hashPassword = (password: string): string => argon2().hash(normalise(password), COST).encoded;

/** Whether the password is the one behind the PHC string; the same work where there is no such account (`undefined`). */
export function verifyPassword(passwordHash: string | undefined, password: string): boolean {
  const matches = argon2().tryVerify(passwordHash ?? NOBODY, normalise(password), Argon2Type.Argon2id).success;
  return matches && passwordHash !== undefined;
}

/** How passwords are hashed and compared: an argument of whoever does, so that what it costs can be told apart. */
export interface Hashing {
  readonly hash: typeof hashPassword;
  readonly verify: typeof verifyPassword;
}

export const argon2id: Hashing = { hash: hashPassword, verify: verifyPassword };

/** Whether a hash was made with other parameters than today's. */
export const isOutdated = (passwordHash: string): boolean => !passwordHash.startsWith(CURRENT);
