// Password hashing as the domain sees it; argon2id.ts is the implementation.

/** Hashes and verifies passwords. An argument of the functions that use it, so that its cost can be measured. */
export interface Hashing {
  /** The PHC string of a password under the current parameters. */
  hash(password: string): Promise<string>;
  /** Whether a stored hash is the password's. With no hash (`undefined`) it does the same work and answers false. */
  verify(passwordHash: string | undefined, password: string): Promise<boolean>;
  /** Whether a hash was made with other parameters than the current ones, and should be replaced at the next login. */
  isOutdated(passwordHash: string): boolean;
}
