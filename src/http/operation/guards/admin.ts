// A valid bearer token of an account that is an active admin now, as the primary knows.
import { isRefusal } from '../../../domain/refusal.ts';
import { type AccountCaller, adminOf } from '../../../domain/sign-in/caller.ts';
import { bearer } from './bearer.ts';
import type { Guard } from './guard.ts';

export const admin: Guard<AccountCaller> = {
  identify: async (c) => {
    const caller = await bearer.identify(c);
    if (isRefusal(caller)) return caller;
    c.get('metrics').accountId = caller.accountId; // who it is, also where the role is missing
    const loaded = await adminOf(c.get('ports'), caller, c.get('now'));
    return isRefusal(loaded) ? loaded : { ...caller, account: loaded };
  },
  role: 'admin',
  refuses: [...bearer.refuses, 'forbidden'],
  security: bearer.security,
};
