// Checking credentials: a password, and the second factor of an account that has one.
import type { Account } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { checkSecondFactor, type SecondFactorPorts, type SecondFactorRefusal } from '../factors/second-factor.ts';
import { checkPassword, type PasswordPorts } from '../passwords/check.ts';
import type { Guess } from '../passwords/lockout.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { Proof } from './proof.ts';

/** The secrets that prove a known account. */
export interface Secrets {
  readonly password: string;
  /** A code of the authenticator app, or a recovery code. */
  readonly otp: string | undefined;
}

export type CredentialPorts = PasswordPorts & SecondFactorPorts;

/** Checks the secrets of a guess. A second factor is checked, and mentioned, only after a right password. */
export async function checkCredentials(
  ports: CredentialPorts,
  guess: Guess,
  { password, otp }: Secrets,
  audit: AuditContext,
): Promise<Proof | SecondFactorRefusal | Refusal<'wrong_password'>> {
  const checked = await checkPassword(ports, guess, password, audit);
  if (isRefusal(checked)) return checked;
  const { account, evidence } = checked;
  const second = guess.hasTotp ? await checkSecondFactor(ports, account, guess, otp, audit) : [];
  if (isRefusal(second)) return second;
  return { account, evidence: [await rehashed(ports, account, evidence, password), ...second] };
}

/** The evidence with a new hash, where the one that matched is outdated and a session may open. */
async function rehashed(
  { hashing }: PasswordPorts,
  account: Account,
  evidence: PasswordProof,
  password: string,
): Promise<PasswordProof> {
  if (!account.active || !hashing.isOutdated(evidence.passwordHash, password)) return evidence;
  return { ...evidence, rehash: await hashing.hash(password) };
}

type PasswordProof = Extract<Proof['evidence'][number], { kind: 'password' }>;
