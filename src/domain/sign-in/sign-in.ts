// Signing in: credentials become a proof, and a session opens on the proof. Every way to sign in ends in `signIn`.
import type { Account, Identifier } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { requiresVerifiedEmail } from '../email/verification.ts';
import type { SecondFactorRefusal } from '../factors/second-factor.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { guessAt } from '../passwords/lockout.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { AuthenticatedSession, NewSession } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import { type CredentialPorts, checkCredentials, type Secrets } from './credentials.ts';
import { type Evidence, methodsOf, noticesOf, type Proof } from './proof.ts';

export interface Credentials extends Secrets {
  readonly identifier: Identifier;
}

/** Conditions of a sign-in besides its proof. */
export interface SignInNeeds {
  /** An account that has an email must have verified it. */
  readonly verifiedEmail: boolean;
}

/** The evidence that was right when it was checked, and no longer held when it was used. */
export interface Overtaken {
  readonly overtaken: Evidence['kind'];
}

/** Opens sessions. */
export interface SignIns {
  /**
   * Opens the session where the account is active, its email verified if that is needed, and all evidence still holds;
   * clears the guesses that it took. In the same transaction it records the event, uses up one-time evidence, and
   * replaces an outdated hash or box.
   */
  openSession(
    proof: Proof,
    needs: SignInNeeds,
    session: NewSession,
    audit: AuditContext,
  ): Promise<'opened' | 'account_disabled' | 'email_not_verified' | Overtaken>;
  /** As `openSession`, for the live session that acts: its credentials were proven now, by this proof alone. */
  renewSession(proof: Proof, audit: AuthorizedContext): Promise<'renewed' | 'ended' | Overtaken>;
  /**
   * Records a sign-in that was refused although its proof was right, and clears the guesses that it took. Queues the
   * mail, where one is given and the account may ask for one more.
   */
  recordRefusal(
    proof: Proof,
    reason: SignInRefusal['refused'],
    mail: NewMail | undefined,
    audit: AuditContext,
  ): Promise<void>;
}

export interface SignInPorts extends CredentialPorts {
  readonly signIns: SignIns;
  readonly mailing: Mailing;
}

/** Why a proof opens no session. */
type SignInRefusal = Refusal<'account_disabled' | 'email_not_verified'>;

/** Every reason for which a login is refused. */
export const LOGIN_REASONS = [
  'invalid_credentials',
  'second_factor_required',
  'invalid_second_factor',
  'account_disabled',
  'email_not_verified',
  'too_many_attempts',
] as const;

export type LoginRefusal = Refusal<(typeof LOGIN_REASONS)[number]>;

/** Checks credentials. Whether the account exists or not, the work and the refusal are the same. */
export async function proofOf(
  ports: CredentialPorts,
  { identifier, ...secrets }: Credentials,
  audit: AuditContext,
): Promise<Proof | Refusal<'invalid_credentials'> | SecondFactorRefusal> {
  const guess = await guessAt(ports, identifier, audit);
  const context = { ...audit, actorId: guess.account?.id ?? null };
  const proof = await checkCredentials(ports, guess, secrets, context);
  return isRefusal(proof) && proof.refused === 'wrong_password' ? refuse('invalid_credentials') : proof;
}

/** Opens `session` for the account of a proof. Where its email must be verified first, it is sent the link again. */
export async function signIn(
  ports: { readonly signIns: SignIns; readonly mailing: Mailing },
  proof: Proof,
  session: NewSession,
  settings: Settings,
  audit: AuditContext,
): Promise<AuthenticatedSession | Overtaken | Refusal<'account_disabled' | 'email_not_verified'>> {
  const { account } = proof;
  const needs = { verifiedEmail: requiresVerifiedEmail(ports, settings) };
  const context = { ...audit, actorId: account.id };
  const refused = refusalOf(account, needs);
  if (refused) {
    const mail = refused.refused === 'email_not_verified' ? linkAgain(ports.mailing, audit.now) : undefined;
    await ports.signIns.recordRefusal(proof, refused.refused, mail, context);
    ports.mailing.deliverSoon([...mailsIn([mail]), ...noticesOf(proof)], audit.now);
    return refused;
  }
  const outcome = await ports.signIns.openSession(proof, needs, session, context);
  if (outcome === 'opened') {
    ports.mailing.deliverSoon(noticesOf(proof), audit.now);
    const authentication = { methods: methodsOf(proof), at: audit.now };
    return { accountId: account.id, sessionId: session.id, authentication };
  }
  return typeof outcome === 'string' ? refuse(outcome) : outcome;
}

/** A password or a code that was replaced or used while it was checked is refused as if it had been wrong. */
export const refuseOvertaken = ({ overtaken }: Overtaken): Refusal<'invalid_credentials' | 'invalid_second_factor'> =>
  refuse(overtaken === 'password' ? 'invalid_credentials' : 'invalid_second_factor');

/** Why an account opens no session although its proof is right. */
function refusalOf(
  { active, email, emailVerified }: Account,
  { verifiedEmail }: SignInNeeds,
): Refusal<'account_disabled' | 'email_not_verified'> | undefined {
  if (!active) return refuse('account_disabled');
  return verifiedEmail && email !== null && !emailVerified ? refuse('email_not_verified') : undefined;
}

const linkAgain = (mailing: Mailing, now: number): NewMail | undefined =>
  newMail(mailing, 'email_verification', { cause: 'request' }, now);
