// Recovery: a mailed link lets the owner of a forgotten password set a new one.
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { idOfOneTimeToken } from '../one-time-tokens/one-time-token.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';
import type { Keys } from '../tokens/keys.ts';
import type { Hashing } from './hash.ts';
import { type PasswordPolicy, refuseWeak, type WeakPassword } from './policy.ts';

/** An account whose password a live link would set. */
export interface ResettableAccount {
  readonly email: string;
  readonly username: string | null;
}

export interface PasswordRecovery {
  /** Queues the mail where an active account has the email and may ask for one more. Makes the same calls where not. */
  request(email: string, mail: NewMail, audit: AuditContext): Promise<void>;
  /** The same for an account that an admin names, where the authority holds. */
  requestFor(
    accountId: number,
    mail: NewMail,
    audit: AuthorizedContext,
  ): Promise<'queued' | Refusal<'no_email' | 'too_many_requests' | 'token_revoked' | 'forbidden'>>;
  find(tokenId: string, now: number): Promise<ResettableAccount | undefined>;
  /**
   * Uses the token: sets the hash, verifies the email, ends every session and every other token that was mailed to it,
   * and lifts the lock. Undefined for a token that is not live.
   */
  reset(
    tokenId: string,
    newHash: string,
    notice: NewMail | undefined,
    audit: AuditContext,
  ): Promise<'reset' | undefined>;
}

interface RecoveryPorts {
  readonly recovery: PasswordRecovery;
  readonly issuer: { readonly keys: Keys };
  readonly mailing: Mailing;
}

/** Mails a link to the account that has the email. The answer and the work are the same where none has it. */
export async function forgotPassword(
  { recovery, mailing }: Omit<RecoveryPorts, 'issuer'>,
  email: string,
  audit: AuditContext,
): Promise<'accepted' | Refusal<'mail_not_configured'>> {
  const mail = newMail(mailing, 'password_reset', {}, audit.now);
  if (!mail) return refuse('mail_not_configured');
  await recovery.request(email, mail, audit);
  mailing.deliverSoon(mailsIn([mail]), audit.now);
  return 'accepted';
}

/** Mails a link to an account's address, at an admin's request. */
export async function sendResetMail(
  { recovery, mailing }: Omit<RecoveryPorts, 'issuer'>,
  accountId: number,
  audit: AuthorizedContext,
) {
  const mail = newMail(mailing, 'password_reset', {}, audit.now);
  if (!mail) return refuse('mail_not_configured');
  const queued = await recovery.requestFor(accountId, mail, audit);
  if (!isRefusal(queued)) mailing.deliverSoon([mail], audit.now);
  return queued;
}

/** The account of a link, for the page that asks for the new password. */
export async function findReset(
  { recovery, issuer }: Omit<RecoveryPorts, 'mailing'>,
  token: string,
  now: number,
): Promise<ResettableAccount | Refusal<'invalid_one_time_token'>> {
  const id = await idOfOneTimeToken(issuer.keys, 'reset_password', token);
  return (id && (await recovery.find(id, now))) || refuse('invalid_one_time_token');
}

/** Sets the password of the account that a link was mailed to. A refused password does not use the link up. */
export async function resetPassword(
  ports: RecoveryPorts & PasswordPolicy & { readonly hashing: Hashing },
  token: string,
  password: string,
  settings: Settings,
  audit: AuditContext,
): Promise<'reset' | WeakPassword | Refusal<'invalid_one_time_token' | 'mail_not_configured'>> {
  if (!ports.mailing.isConfigured) return refuse('mail_not_configured');
  const id = await idOfOneTimeToken(ports.issuer.keys, 'reset_password', token);
  if (!id || !(await ports.recovery.find(id, audit.now))) return refuse('invalid_one_time_token');
  const weak = await refuseWeak(ports, password, settings);
  if (weak) return weak;
  const notice = newMail(ports.mailing, 'password_was_reset', {}, audit.now);
  const reset = await ports.recovery.reset(id, await ports.hashing.hash(password), notice, audit);
  if (!reset) return refuse('invalid_one_time_token');
  ports.mailing.deliverSoon(mailsIn([notice]), audit.now);
  return reset;
}
