// Signing in: credentials become a proof, and a session opens on the proof. Every way in ends in `signIn`.
import type { Account, Identifier } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { checkPassword, type PasswordPorts } from '../passwords/check.ts';
import { unknownSubject } from '../passwords/lockout.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import {
  issuePair,
  issueSessionToken,
  newRefreshSession,
  newTokenSession,
  type SessionToken,
  type TokenPair,
  type TokenPairPorts,
} from '../sessions/issue.ts';
import type { NewSession } from '../sessions/session.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';
import type { Proof } from './proof.ts';

export interface Credentials {
  readonly identifier: Identifier;
  readonly password: string;
}

/** Opens sessions. */
export interface SignIns {
  /**
   * Opens the session where the account is active and all evidence still holds, and clears the guesses that it took.
   * In the same transaction it records the event and replaces an outdated hash.
   */
  openSession(
    proof: Proof,
    session: NewSession,
    audit: AuditContext,
  ): Promise<'opened' | 'account_disabled' | 'overtaken'>;
  /** Records a sign-in that was refused although its proof was right, and clears the guesses that it took. */
  recordRefusal(proof: Proof, reason: SignInRefusal['refused'], audit: AuditContext): Promise<void>;
}

export interface SignInPorts extends PasswordPorts {
  readonly signIns: SignIns;
}

/** Why a proof opens no session. */
type SignInRefusal = Refusal<'account_disabled' | 'forbidden'>;

export type LoginRefusal = Refusal<'invalid_credentials' | 'account_disabled' | 'too_many_attempts'>;

/** The proof that credentials make. Whether the account exists or not, the work and the refusal are the same. */
export async function proofOf(
  ports: PasswordPorts,
  { identifier, password }: Credentials,
  audit: AuditContext,
): Promise<Proof | Refusal<'invalid_credentials' | 'too_many_attempts'>> {
  const guess = await ports.guesses.guessForLogin(identifier, await unknownSubject(identifier), audit);
  const checked = await checkPassword(ports, guess, password, { ...audit, actorId: guess.account?.id ?? null });
  if (isRefusal(checked)) return checked.refused === 'wrong_password' ? refuse('invalid_credentials') : checked;
  const { account, evidence } = checked;
  const outdated = account.active && ports.hashing.isOutdated(evidence.passwordHash, password);
  const rehash = outdated ? await ports.hashing.hash(password) : undefined;
  return { account, evidence: [{ ...evidence, ...(rehash === undefined ? {} : { rehash }) }] };
}

/** Opens `session` for the account of a proof. */
export async function signIn(
  { signIns }: { readonly signIns: SignIns },
  proof: Proof,
  session: NewSession,
  audit: AuditContext,
): Promise<Account | Refusal<'invalid_credentials' | 'account_disabled'>> {
  const { account } = proof;
  const context = { ...audit, actorId: account.id };
  if (!account.active) {
    await signIns.recordRefusal(proof, 'account_disabled', context);
    return refuse('account_disabled');
  }
  const outcome = await signIns.openSession(proof, session, context);
  if (outcome === 'opened') return account;
  return refuse(outcome === 'account_disabled' ? 'account_disabled' : 'invalid_credentials');
}

export interface LoginPorts extends SignInPorts, TokenPairPorts {
  readonly settings: SettingsStore;
  readonly issuer: Issuer;
}

/** Logs in with a password for an access and a refresh token. */
export async function logInForPair(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<TokenPair | LoginRefusal> {
  const settings = await ports.settings.current(audit.now);
  const { session, refresh } = await newRefreshSession(settings, audit.now);
  const account = await logIn(ports, credentials, session, audit);
  if (isRefusal(account)) return account;
  return issuePair(ports, { accountId: account.id, sessionId: session.id }, refresh, settings, audit.now);
}

/** Logs in with a password for a session token. */
export async function logInForSessionToken(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<SessionToken | LoginRefusal> {
  const settings = await ports.settings.current(audit.now);
  const session = newTokenSession(settings, audit.now);
  const account = await logIn(ports, credentials, session, audit);
  if (isRefusal(account)) return account;
  return issueSessionToken(ports.issuer, { accountId: account.id, sessionId: session.id }, settings, audit.now);
}

async function logIn(
  ports: SignInPorts,
  credentials: Credentials,
  session: NewSession,
  audit: AuditContext,
): Promise<Account | LoginRefusal> {
  const proof = await proofOf(ports, credentials, audit);
  return isRefusal(proof) ? proof : signIn(ports, proof, session, audit);
}
