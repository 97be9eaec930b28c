// Password hashing as the domain sees it; argon2id.ts is the implementation.
import type { HashReason } from './verifiers/table.ts';

/** Hashes and verifies passwords. An argument of the functions that use it, so that its cost can be measured. */
export interface Hashing {
  /** The PHC string of a password under the current parameters. */
  hash(password: string): Promise<string>;
  /** Whether a stored hash is the password's. With no hash (`undefined`) it does the same work and answers false. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
  /** Whether the hash of this password was made in an older way than today's, and should be replaced at a login. */
  isOutdated(passwordHash: string, password: string): boolean;
  /** Why a hash that another service made cannot be verified here; undefined for one that can. */
  refuse(passwordHash: string): HashReason | undefined;
}
