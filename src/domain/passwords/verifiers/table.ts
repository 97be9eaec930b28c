// Every format of hash that other services made and that is verified here.
import { argon2 } from './argon2.ts';
import { bcrypt } from './bcrypt.ts';
import { firebase } from './firebase.ts';
import { pbkdf2 } from './pbkdf2.ts';
import { scrypt } from './scrypt.ts';
import type { ProjectParameters, ReadHash, Verifier } from './verifier.ts';

/** Longer than any of them. */
const MAX_HASH_LENGTH = 1024;

/** The family of each prefix. */
const VERIFIERS: readonly (readonly [prefix: RegExp, verifier: Verifier])[] = [
  [/^(argon2)?\$argon2/, argon2],
  [/^(bcrypt(_sha256)?\$)?\$2[aby]\$/, bcrypt],
  [/^\$?pbkdf2/, pbkdf2],
  [/^\$?scrypt|^[0-9a-f]{32}:/, scrypt],
  [/^\$firebase-scrypt\$/, firebase],
];

/** The hash as its verifier reads it; undefined where no verifier does. */
export function readHash(hash: string, projects: ProjectParameters): ReadHash | undefined {
  if (hash.length > MAX_HASH_LENGTH) return undefined;
  return VERIFIERS.find(([prefix]) => prefix.test(hash))?.[1](hash, projects);
}

export type HashReason = 'unsupported_hash' | 'hash_too_expensive';

/** Why a hash is refused; undefined for one that is accepted. */
export function refuseHash(hash: string, projects: ProjectParameters): HashReason | undefined {
  const read = readHash(hash, projects);
  if (!read) return 'unsupported_hash';
  return read.tooExpensive ? 'hash_too_expensive' : undefined;
}
