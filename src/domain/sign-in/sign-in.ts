// Signing in: credentials become a proof, and a session opens on the proof. Every way in ends in `signIn`.
import type { Identifier } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import type { SecondFactorRefusal } from '../factors/second-factor.ts';
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
import type { AuthenticatedSession, NewSession } from '../sessions/session.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { Issuer } from '../tokens/jwt.ts';
import { type CredentialPorts, checkCredentials, type Secrets } from './credentials.ts';
import { type Evidence, methodsOf, type Proof } from './proof.ts';

export interface Credentials extends Secrets {
  readonly identifier: Identifier;
}

/** The evidence that was right when it was checked, and did not hold any more when it was used. */
export interface Overtaken {
  readonly overtaken: Evidence['kind'];
}

/** Opens sessions. */
export interface SignIns {
  /**
   * Opens the session where the account is active and all evidence still holds, and clears the guesses that it took.
   * In the same transaction it records the event, uses up what is good once, and replaces what is outdated.
   */
  openSession(
    proof: Proof,
    session: NewSession,
    audit: AuditContext,
  ): Promise<'opened' | 'account_disabled' | Overtaken>;
  /** As `openSession`, for the live session that acts: its credentials were proven now, by this proof alone. */
  renewSession(proof: Proof, audit: AuthorizedContext): Promise<'renewed' | 'ended' | Overtaken>;
  /** Records a sign-in that was refused although its proof was right, and clears the guesses that it took. */
  recordRefusal(proof: Proof, reason: SignInRefusal['refused'], audit: AuditContext): Promise<void>;
}

export interface SignInPorts extends CredentialPorts {
  readonly signIns: SignIns;
}

/** Why a proof opens no session. */
type SignInRefusal = Refusal<'account_disabled' | 'forbidden'>;

export type LoginRefusal = Refusal<'invalid_credentials' | 'account_disabled'> | SecondFactorRefusal;

/** The proof that credentials make. Whether the account exists or not, the work and the refusal are the same. */
export async function proofOf(
  ports: CredentialPorts,
  { identifier, ...secrets }: Credentials,
  audit: AuditContext,
): Promise<Proof | Refusal<'invalid_credentials'> | SecondFactorRefusal> {
  const guess = await ports.guesses.guessForLogin(identifier, await unknownSubject(identifier), audit);
  const proof = await checkCredentials(ports, guess, secrets, { ...audit, actorId: guess.account?.id ?? null });
  return isRefusal(proof) && proof.refused === 'wrong_password' ? refuse('invalid_credentials') : proof;
}

/** Opens `session` for the account of a proof. */
export async function signIn(
  { signIns }: { readonly signIns: SignIns },
  proof: Proof,
  session: NewSession,
  audit: AuditContext,
): Promise<AuthenticatedSession | Overtaken | Refusal<'account_disabled'>> {
  const { account } = proof;
  const context = { ...audit, actorId: account.id };
  if (!account.active) {
    await signIns.recordRefusal(proof, 'account_disabled', context);
    return refuse('account_disabled');
  }
  const outcome = await signIns.openSession(proof, session, context);
  if (outcome === 'account_disabled') return refuse('account_disabled');
  if (outcome !== 'opened') return outcome;
  const authentication = { methods: methodsOf(proof), at: audit.now };
  return { accountId: account.id, sessionId: session.id, authentication };
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
  const opened = await logIn(ports, credentials, session, audit);
  return isRefusal(opened) ? opened : issuePair(ports, opened, refresh, settings, audit.now);
}

/** Logs in with a password for a session token. */
export async function logInForSessionToken(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<SessionToken | LoginRefusal> {
  const settings = await ports.settings.current(audit.now);
  const session = newTokenSession(settings, audit.now);
  const opened = await logIn(ports, credentials, session, audit);
  return isRefusal(opened) ? opened : issueSessionToken(ports.issuer, opened, settings, audit.now);
}

async function logIn(
  ports: SignInPorts,
  credentials: Credentials,
  session: NewSession,
  audit: AuditContext,
): Promise<AuthenticatedSession | LoginRefusal> {
  const proof = await proofOf(ports, credentials, audit);
  if (isRefusal(proof)) return proof;
  const opened = await signIn(ports, proof, session, audit);
  return 'overtaken' in opened ? refuseOvertaken(opened) : opened;
}

/** A password or a code that was replaced or used while it was checked is refused as if it had been wrong. */
export const refuseOvertaken = ({ overtaken }: Overtaken): Refusal<'invalid_credentials' | 'invalid_second_factor'> =>
  refuse(overtaken === 'password' ? 'invalid_credentials' : 'invalid_second_factor');
