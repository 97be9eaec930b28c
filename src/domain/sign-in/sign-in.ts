// Signing in: credentials become a proof, and a session opens on the proof. Every way in ends in `signIn`.
import type { Account, Identifier } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { requiresVerifiedEmail } from '../email/verification.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { checkPassword, type PasswordPorts } from '../passwords/check.ts';
import { unknownSubject } from '../passwords/lockout.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { NewSession } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import type { Proof } from './proof.ts';

export interface Credentials {
  readonly identifier: Identifier;
  readonly password: string;
}

/** What a sign-in needs besides its proof. */
export interface SignInNeeds {
  /** An account that has an email must have verified it. */
  readonly verifiedEmail: boolean;
}

/** Opens sessions. */
export interface SignIns {
  /**
   * Opens the session where the account is active, its email verified if that is needed, and all evidence still holds;
   * clears the guesses that it took. In the same transaction it records the event and replaces an outdated hash.
   */
  openSession(
    proof: Proof,
    needs: SignInNeeds,
    session: NewSession,
    audit: AuditContext,
  ): Promise<'opened' | 'account_disabled' | 'email_not_verified' | 'overtaken'>;
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

export interface SignInPorts extends PasswordPorts {
  readonly signIns: SignIns;
  readonly mailing: Mailing;
}

/** Why a proof opens no session. */
type SignInRefusal = Refusal<'account_disabled' | 'email_not_verified' | 'forbidden'>;

/** Every reason for which a login is refused. */
export const LOGIN_REASONS = [
  'invalid_credentials',
  'account_disabled',
  'email_not_verified',
  'too_many_attempts',
] as const;

export type LoginRefusal = Refusal<(typeof LOGIN_REASONS)[number]>;

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
  const outdated = account.active && ports.hashing.isOutdated(evidence.passwordHash);
  const rehash = outdated ? await ports.hashing.hash(password) : undefined;
  return { account, evidence: [{ ...evidence, ...(rehash === undefined ? {} : { rehash }) }] };
}

/** Opens `session` for the account of a proof. Where its email must be verified first, it is sent the link again. */
export async function signIn(
  ports: { readonly signIns: SignIns; readonly mailing: Mailing },
  proof: Proof,
  session: NewSession,
  settings: Settings,
  audit: AuditContext,
): Promise<Account | Refusal<'invalid_credentials' | 'account_disabled' | 'email_not_verified'>> {
  const { account } = proof;
  const needs = { verifiedEmail: requiresVerifiedEmail(ports, settings) };
  const context = { ...audit, actorId: account.id };
  const refused = refusalOf(account, needs);
  if (refused) {
    const mail = refused.refused === 'email_not_verified' ? linkAgain(ports.mailing, audit.now) : undefined;
    await ports.signIns.recordRefusal(proof, refused.refused, mail, context);
    ports.mailing.deliverSoon(mailsIn([mail]), audit.now);
    return refused;
  }
  const outcome = await ports.signIns.openSession(proof, needs, session, context);
  if (outcome === 'opened') return account;
  return outcome === 'overtaken' ? refuse('invalid_credentials') : refuse(outcome);
}

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
