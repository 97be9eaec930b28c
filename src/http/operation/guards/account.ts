// A valid bearer token, and its account, loaded and active.
import { isRefusal } from '../../../domain/refusal.ts';
import { type AccountCaller, accountOf } from '../../../domain/sign-in/caller.ts';
import { bearer } from './bearer.ts';
import type { Guard } from './guard.ts';

export const account: Guard<AccountCaller> = {
  identify: async (c) => {
    const caller = await bearer.identify(c);
    if (isRefusal(caller)) return caller;
    const loaded = await accountOf(c.get('ports'), caller);
    return isRefusal(loaded) ? loaded : { ...caller, account: loaded };
  },
  refuses: bearer.refuses,
  security: bearer.security,
};
