// Changing a password needs the current one, and ends every other session of the account, or every one.
import type { AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';
import { checkPassword, type PasswordEvidence, type PasswordPorts } from './check.ts';
import { type PasswordPolicy, refuseWeak, type WeakPassword } from './policy.ts';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** The acting session. */
  readonly sessionId: string;
  /**
   * The sessions that the change ends: `others` by default. With `others`, a stolen copy of the acting session
   * survives.
   */
  readonly ends?: 'others' | 'all';
}

/** The password credentials of accounts. */
export interface PasswordCredentials {
  /**
   * Replaces the acting account's hash where the evidence and the authority still hold, clears the count of its guess,
   * and revokes every session but `keepSessionId`; every one where that is null.
   */
  replace(
    evidence: PasswordEvidence,
    newHash: string,
    keepSessionId: string | null,
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'replaced' | Refusal<'wrong_password' | 'token_revoked'>>;
}

interface ChangePorts extends PasswordPorts, PasswordPolicy {
  readonly credentials: PasswordCredentials;
  readonly mailing: Mailing;
}

export async function changePassword(
  ports: ChangePorts,
  { currentPassword, newPassword, sessionId, ends = 'others' }: PasswordChange,
  settings: Settings,
  audit: AuthorizedContext,
): Promise<'replaced' | WeakPassword | Refusal<'wrong_password' | 'too_many_attempts' | 'token_revoked'>> {
  // Before the guess: a right password that is followed by a refusal would stay counted as a wrong one.
  const weak = await refuseWeak(ports, newPassword, settings);
  if (weak) return weak;
  const guess = await ports.guesses.guessForSession(audit.actorId, sessionId, audit);
  if (!guess.account) return refuse('token_revoked');
  const checked = await checkPassword(ports, guess, currentPassword, audit);
  if (isRefusal(checked)) return checked;
  const newHash = await ports.hashing.hash(newPassword);
  const notice = newMail(ports.mailing, 'password_changed', {}, audit.now);
  const exceptId = ends === 'all' ? null : sessionId;
  const replaced = await ports.credentials.replace(checked.evidence, newHash, exceptId, notice, audit);
  if (!isRefusal(replaced)) ports.mailing.deliverSoon(mailsIn([notice]), audit.now);
  return replaced;
}
