// A valid bearer token, or none at all.
import type { Caller } from '../../../domain/sign-in/caller.ts';
import { bearer } from './bearer.ts';
import { type Guard, WITH_OR_WITHOUT_TOKEN } from './guard.ts';

export const optionalBearer: Guard<Caller | undefined> = {
  identify: async (c) => (c.req.header('Authorization') === undefined ? undefined : bearer.identify(c)),
  refuses: bearer.refuses.filter((reason) => reason !== 'token_required'),
  security: WITH_OR_WITHOUT_TOKEN,
};
