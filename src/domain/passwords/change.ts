// Changing a password needs the old one, and ends every other session of the account.

import { refuseShort } from '../accounts/registration.ts';
import type { Act, Origin } from '../audit/event.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings } from '../settings/settings.ts';
import type { Caller } from '../sign-in/bearer.ts';
import { checkPassword, type PasswordPorts } from '../sign-in/login.ts';

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** Where passwords are replaced. */
export interface Passwords {
  /** Replaces the hash if it is still `from` and the account active, and revokes all sessions but `keepSessionId`. */
  replace(
    accountId: number,
    hashes: { readonly from: string; readonly to: string },
    keepSessionId: string,
    act: Act,
  ): Promise<boolean>;
}

export async function changePassword(
  ports: PasswordPorts & { readonly passwords: Passwords },
  caller: Caller,
  { currentPassword, newPassword }: PasswordChange,
  settings: Settings,
  origin: Origin,
  now: number,
): Promise<'changed' | Refusal<'wrong_password' | 'too_many_attempts' | 'password_too_short' | 'token_revoked'>> {
  const { logins, hashing, passwords } = ports;
  const record = await logins.findById(caller.accountId);
  if (!record.account?.active) return refuse('token_revoked');
  const act = { ...origin, actorId: caller.accountId, now };
  const verified = await checkPassword(ports, record, currentPassword, act);
  if (isRefusal(verified)) return verified;
  const tooShort = refuseShort(newPassword, settings);
  if (tooShort)
    return refuse('password_too_short', {
      errors: tooShort.errors?.map((error) => ({ ...error, path: 'new_password' })) ?? [],
    });
  const hashes = { from: verified.passwordHash, to: hashing.hash(newPassword) };
  const replaced = await passwords.replace(caller.accountId, hashes, caller.sessionId, act);
  // Overtaken by another change: what was verified is no longer the current password.
  return replaced ? 'changed' : refuse('wrong_password');
}
