// Checking a password: a lock is checked first, the same work is done for every account, a wrong guess is recorded.
import type { Account } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Hashing } from './hash.ts';
import { type Guess, type PasswordGuesses, retryAfterSeconds } from './lockout.ts';

export interface PasswordPorts {
  readonly guesses: PasswordGuesses;
  readonly hashing: Hashing;
}

/**
 * A right password, by the hash that it matched. The write that relies on it requires that the account still has it.
 */
export interface PasswordEvidence {
  readonly kind: 'password';
  readonly passwordHash: string;
  /** Cleared with the write that the evidence allows. */
  readonly guess: Guess;
}

export interface CheckedPassword {
  readonly account: Account;
  readonly evidence: PasswordEvidence;
}

/** Checks a password against the account that was found for it. */
export async function checkPassword(
  { guesses, hashing }: PasswordPorts,
  guess: Guess,
  password: string,
  audit: AuditContext,
): Promise<CheckedPassword | Refusal<'wrong_password' | 'too_many_attempts'>> {
  const { account, passwordHash, lockedUntil } = guess;
  if (lockedUntil !== undefined)
    return refuse('too_many_attempts', { retryAfterSeconds: retryAfterSeconds(lockedUntil, audit.now) });
  const matches = await hashing.verify(passwordHash, password);
  if (matches && account && passwordHash) return { account, evidence: { kind: 'password', passwordHash, guess } };
  await guesses.recordWrong(guess, audit);
  return refuse('wrong_password');
}
