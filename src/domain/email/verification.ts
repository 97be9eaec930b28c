// Verifying an email: a mailed link proves that its reader has the address.
import type { Account } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { idOfOneTimeToken } from '../one-time-tokens/one-time-token.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';
import type { Keys } from '../tokens/keys.ts';

/** A new account and the device that made it, for the person who is asked whether it is theirs. */
export interface SignUp {
  readonly account: Account;
  readonly userAgent: string | null;
}

export type VerificationRefusal = Refusal<'email_verified' | 'no_email' | 'too_many_requests' | 'token_revoked'>;

/** The verification of emails. */
export interface EmailVerifications {
  /** Queues the mail for the acting account, where its email is not verified and it may ask for one more. */
  request(mail: NewMail, audit: AuthorizedContext): Promise<'queued' | VerificationRefusal>;
  /** The sign-up of the account that a live token would verify. */
  find(tokenId: string, now: number): Promise<SignUp | undefined>;
  /** Uses the token, and returns the email that it verified; undefined for a token that is not live. */
  verify(tokenId: string, audit: AuditContext): Promise<string | undefined>;
}

/** Whether a login needs a verified email, for an account that has an email. */
export const requiresVerifiedEmail = ({ mailing }: { readonly mailing: Mailing }, settings: Settings): boolean =>
  settings.EMAIL_VERIFICATION_REQUIRED && mailing.isConfigured;

interface VerificationPorts {
  readonly mailing: Mailing;
  readonly verifications: EmailVerifications;
  readonly issuer: { readonly keys: Keys };
}

/** Sends the caller a mail with a new link; earlier ones end. */
export async function requestVerification(
  { verifications, mailing }: { readonly verifications: EmailVerifications; readonly mailing: Mailing },
  audit: AuthorizedContext,
): Promise<'queued' | VerificationRefusal | Refusal<'mail_not_configured'>> {
  const mail = newMail(mailing, 'email_verification', { cause: 'request' }, audit.now);
  if (!mail) return refuse('mail_not_configured');
  const requested = await verifications.request(mail, audit);
  if (!isRefusal(requested)) mailing.deliverSoon(mailsIn([mail]), audit.now);
  return requested;
}

/** The sign-up that a link would verify, for the page that asks for a confirmation. */
export async function findVerification(
  { verifications, issuer }: VerificationPorts,
  token: string,
  now: number,
): Promise<SignUp | Refusal<'invalid_one_time_token'>> {
  const id = await idOfOneTimeToken(issuer.keys, 'verify_email', token);
  return (id && (await verifications.find(id, now))) || refuse('invalid_one_time_token');
}

/** Verifies the email of a link. */
export async function verifyEmail(
  { verifications, issuer, mailing }: VerificationPorts,
  token: string,
  audit: AuditContext,
): Promise<string | Refusal<'invalid_one_time_token' | 'mail_not_configured'>> {
  if (!mailing.isConfigured) return refuse('mail_not_configured');
  const id = await idOfOneTimeToken(issuer.keys, 'verify_email', token);
  return (id && (await verifications.verify(id, audit))) || refuse('invalid_one_time_token');
}
