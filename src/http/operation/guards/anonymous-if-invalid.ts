// The account of a valid bearer token. Any other token counts as none.
import { isRefusal } from '../../../domain/refusal.ts';
import type { AccountCaller } from '../../../domain/sign-in/caller.ts';
import { account } from './account.ts';
import { type Guard, WITH_OR_WITHOUT_TOKEN } from './guard.ts';

export const anonymousIfInvalid: Guard<AccountCaller | undefined> = {
  identify: async (c) => {
    const caller = await account.identify(c);
    return isRefusal(caller) ? undefined : caller;
  },
  isOptional: true,
  refuses: [],
  security: WITH_OR_WITHOUT_TOKEN,
};
