// A valid bearer token of an account that is an active admin now, as the primary knows, in a session that proved
// enough.
import { isRefusal, refuse } from '../../../domain/refusal.ts';
import { type AccountCaller, adminOf } from '../../../domain/sign-in/caller.ts';
import { bearer } from './bearer.ts';
import type { Guard } from './guard.ts';

export const admin: Guard<AccountCaller> = {
  identify: async (c) => {
    const caller = await bearer.identify(c);
    if (isRefusal(caller)) return caller;
    // No token of a client has an admin's rights.
    if (caller.client) return refuse('insufficient_scope', {});
    c.get('metrics').accountId = caller.accountId; // logged even where the role is missing
    return adminOf(c.get('ports'), caller, c.get('now'));
  },
  role: 'admin',
  refuses: [...bearer.refuses, 'forbidden', 'reauthentication_required', 'second_factor_enrollment_required'],
  security: bearer.security,
};
