// A proof is what a session opens on: an account, and everything that must still be true when the session is written.
import type { Account } from '../accounts/account.ts';
import type { PasswordEvidence } from '../passwords/check.ts';

/** One way to prove who somebody is. The store turns each kind into a condition of the write that opens the session. */
export type Evidence = PasswordEvidence & {
  /** The hash to store from now on, where the matched one has outdated parameters. */
  readonly rehash?: string;
};

export interface Proof {
  readonly account: Account;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}
