// Changing a password needs the current one, and ends every other session of the account.
import type { AuthorizedContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';
import { checkPassword, type PasswordEvidence, type PasswordPorts } from './check.ts';
import { refuseShort } from './policy.ts';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
  /** The session that asks. */
  readonly sessionId: string;
}

/** The password credentials of accounts. */
export interface PasswordCredentials {
  /**
   * Replaces the acting account's hash where the evidence and the authority still hold, clears the count of its guess,
   * and revokes every session but `keepSessionId`.
   */
  replace(
    evidence: PasswordEvidence,
    newHash: string,
    keepSessionId: string,
    audit: AuthorizedContext,
  ): Promise<'replaced' | Refusal<'wrong_password' | 'token_revoked'>>;
}

export async function changePassword(
  ports: PasswordPorts & { readonly credentials: PasswordCredentials },
  { currentPassword, newPassword, sessionId }: PasswordChange,
  settings: Settings,
  audit: AuthorizedContext,
): Promise<'replaced' | Refusal<'wrong_password' | 'too_many_attempts' | 'password_too_short' | 'token_revoked'>> {
  // Before the guess: a right password that is followed by a refusal would stay counted as a wrong one.
  const tooShort = refuseShort(newPassword, settings);
  if (tooShort) return tooShort;
  const guess = await ports.guesses.guessForSession(audit.actorId, sessionId, audit);
  if (!guess.account) return refuse('token_revoked');
  const checked = await checkPassword(ports, guess, currentPassword, audit);
  if (isRefusal(checked)) return checked;
  const newHash = await ports.hashing.hash(newPassword);
  return ports.credentials.replace(checked.evidence, newHash, sessionId, audit);
}
