// Password hashing: Argon2id by WebAssembly for our own hashes, and the verifiers of all others.
import Argon2, { Argon2Type } from '@phi-ag/argon2';
import argon2Wasm from '@phi-ag/argon2/argon2.wasm';
import { ARGON2_COST, CURRENT_PREFIX, SALT_BYTES, wholePassword } from './argon2-cost.ts';
import type { Hashing } from './hash.ts';
import { normalisePassword } from './policy.ts';
import { memoryOf } from './verifiers/argon2.ts';
import pbkdf2Wasm from './verifiers/pbkdf2.wasm';
import { pbkdf2Block } from './verifiers/pbkdf2-wasm.ts';
import { readHash, refuseHash } from './verifiers/table.ts';
import type { ProjectParameters, WasmHashing } from './verifiers/verifier.ts';

// An unknown account's password is compared with this hash, so that it costs as much. No password is known to match.
const NOBODY = `${CURRENT_PREFIX}bGF0Y2hrZXktbm9ib2R5IQ$sLrLdj5H9W/gkLZ9jTYWLjhlYLD0U9Zr9rDEzIkjO8Q`;

/** A hash of version 1, whose salts have 16 bytes. */
const VERSION_1 = /^[^=]*=19\$[^$]*\$[\w+/]{22}\$/;

// One instance per isolate, made for the first password: WASM memory never shrinks, and start-up should not pay for it.
let shared: Argon2 | undefined;
const newArgon2 = (): Argon2 => new Argon2(new WebAssembly.Instance(argon2Wasm));
const sharedArgon2 = (): Argon2 => {
  shared ??= newArgon2();
  return shared;
};

let sharedPbkdf2: WebAssembly.Instance | undefined;

const matchesArgon2 = (argon2: Argon2, phc: string, text: string): boolean => argon2.tryVerify(phc, text).success;

const wasm: WasmHashing = {
  matchesArgon2(phc, password) {
    // A separate instance for a hash that needs more memory than ours: the shared one would stay that large.
    const argon2 = memoryOf(phc) > ARGON2_COST.memoryCost ? newArgon2() : sharedArgon2();
    return matchesArgon2(argon2, phc, wholePassword(password));
  },

  pbkdf2(digest, password, salt, iterations) {
    sharedPbkdf2 ??= new WebAssembly.Instance(pbkdf2Wasm);
    return pbkdf2Block(sharedPbkdf2, digest, password, salt, iterations);
  },
};

/** Verifies hashes of our own cost. A wrong password costs the same with every one of them, and with `NOBODY`. */
function matchesOurs(passwordHash: string, password: string): boolean {
  const normal = normalisePassword(password);
  const forms = [normal, password].filter((form, index, all) => all.indexOf(form) === index);
  if (forms.some((form) => matchesArgon2(sharedArgon2(), passwordHash, wholePassword(form)))) return true;
  if (isAscii(normal)) return false;
  // Version 1 gave the library the bare password. Its hashes of such passwords are replaced at the next login.
  const matchesCut = matchesArgon2(sharedArgon2(), passwordHash, normal);
  return matchesCut && VERSION_1.test(passwordHash);
}

const isAscii = (text: string): boolean => wholePassword(text) === text;

/** Tries the password as typed, and then normalised, if that differs. */
function matchesForeign(passwordHash: string, password: string, projects: ProjectParameters): boolean {
  const read = readHash(passwordHash, projects);
  if (!read || read.tooExpensive) return matchesOurs(NOBODY, password) && false;
  const normal = normalisePassword(password);
  return read.matches(password, wasm) || (normal !== password && read.matches(normal, wasm));
}

/** Hashing in a Worker whose secrets hold these projects' parameters. */
export const passwordHashing = (projects: ProjectParameters): Hashing => ({
  hash: async (password) => {
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    const options = { ...ARGON2_COST, type: Argon2Type.Argon2id, salt };
    return sharedArgon2().hash(wholePassword(normalisePassword(password)), options).encoded;
  },

  verify: async (passwordHash, password) => {
    if (passwordHash === undefined) return matchesOurs(NOBODY, password) && false;
    if (passwordHash.startsWith(CURRENT_PREFIX)) return matchesOurs(passwordHash, password);
    return matchesForeign(passwordHash, password, projects);
  },

  isOutdated: (passwordHash, password) =>
    !passwordHash.startsWith(CURRENT_PREFIX) || (VERSION_1.test(passwordHash) && !isAscii(normalisePassword(password))),

  refuse: (passwordHash) => refuseHash(passwordHash, projects),
});

export const argon2id: Hashing = passwordHashing({});
