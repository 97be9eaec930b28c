// What a new password must be. Existing passwords are compared as they are.
import { type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';

/** In code points after NFKC. */
export const PASSWORD_MAX_LENGTH = 256;

/** NFKC, so that a password typed on another keyboard still matches. */
export const normalisePassword = (password: string): string => password.normalize('NFKC');

/** Length in code points after NFKC, as the limits count it. */
export const passwordLength = (password: string): number => [...normalisePassword(password)].length;

/** Refuses a new password that is shorter than `PASSWORD_MIN_LENGTH`. */
export function refuseShort(password: string, settings: Settings): Refusal<'password_too_short'> | undefined {
  const minimum = settings.PASSWORD_MIN_LENGTH;
  return passwordLength(password) < minimum ? refuse('password_too_short', { minimum }) : undefined;
}
