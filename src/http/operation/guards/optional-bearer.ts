// A valid bearer token, or none at all.
import { isRefusal } from '../../../domain/refusal.ts';
import type { Caller } from '../../../domain/sign-in/caller.ts';
import { bearer } from './bearer.ts';
import { type Guard, WITH_OR_WITHOUT_TOKEN } from './guard.ts';

export const optionalBearer: Guard<Caller | undefined> = {
  identify: async (c) => {
    if (c.req.header('Authorization') === undefined) return undefined;
    const caller = await bearer.identify(c);
    return isRefusal(caller) && caller.refused === 'insufficient_scope' ? undefined : caller;
  },
  isOptional: true,
  refuses: bearer.refuses.filter((reason) => reason !== 'token_required' && reason !== 'insufficient_scope'),
  security: WITH_OR_WITHOUT_TOKEN,
};
