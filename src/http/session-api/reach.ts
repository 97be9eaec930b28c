// The profiles that a call reaches: the caller's own, or any for an admin whose session proved the required factors.
import { authorizeProfile } from '../../domain/accounts/profile.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { type AccountCaller, adminOf, authorityOf } from '../../domain/sign-in/caller.ts';
import type { Call } from '../operation/declaration.ts';

export const REACH_REASONS = ['forbidden', 'reauthentication_required', 'second_factor_enrollment_required'] as const;

type ProfileCall = Pick<
  Call<AccountCaller, unknown, unknown, { readonly username: string }>,
  'caller' | 'params' | 'ports' | 'audit'
>;

/** The profile that a call is about, and the context of its writes. */
export async function reach({ caller, params, ports, audit }: ProfileCall) {
  const target = authorizeProfile(caller, params.username);
  if (isRefusal(target)) return target;
  if (target === 'own') return { target, audit };
  const admin = await adminOf(ports, caller, audit.now);
  return isRefusal(admin) ? admin : { target, audit: { ...audit, authority: authorityOf(admin) } };
}
