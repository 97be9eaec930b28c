// The rules for a new password. Existing passwords are compared as they are.
import { type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';

/** In code points after NFKC. */
export const PASSWORD_MAX_LENGTH = 256;

/** NFKC, so that a password typed on another keyboard still matches. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Length in code points after NFKC, as the limits count it. */
export const passwordLength = (password: string): number => [...normalisePassword(password)].length;

/** Passwords that attackers try first. A failed look-up finds nothing. */
export interface BreachedPasswords {
  /** Whether the password is on the bundled list of the most common ones. */
  isCommon(password: string): Promise<boolean>;
  /** Whether it was in a published breach. */
  isBreached(password: string): Promise<boolean>;
}

export interface PasswordPolicy {
  readonly breachedPasswords: BreachedPasswords;
}

/** Every reason for which a new password is refused. */
export const WEAK_PASSWORD_REASONS = ['password_too_short', 'password_breached'] as const;

export type WeakPassword = Refusal<(typeof WEAK_PASSWORD_REASONS)[number]>;

/** Refuses a new password that is shorter than `PASSWORD_MIN_LENGTH`, or that `PASSWORD_BREACH_CHECK` finds. */
export async function refuseWeak(
  { breachedPasswords }: PasswordPolicy,
  password: string,
  settings: Settings,
): Promise<WeakPassword | undefined> {
  const { PASSWORD_MIN_LENGTH: minimum, PASSWORD_BREACH_CHECK: check } = settings;
  if (passwordLength(password) < minimum) return refuse('password_too_short', { minimum });
  if (check === 'off') return undefined;
  const normalised = normalisePassword(password);
  const isKnown =
    (await breachedPasswords.isCommon(normalised)) ||
    (check === 'range' && (await breachedPasswords.isBreached(normalised)));
  return isKnown ? refuse('password_breached') : undefined;
}
