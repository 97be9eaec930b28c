// A valid bearer token. The account of an access token is not read.
import { refuse } from '../../../domain/refusal.ts';
import { authenticateBearer } from '../../../domain/sign-in/bearer.ts';
import type { Caller } from '../../../domain/sign-in/caller.ts';
import { BEARER_REASONS, type Guard, WITH_TOKEN } from './guard.ts';

export const bearer: Guard<Caller> = {
  identify: async (c) => {
    const caller = await authenticateBearer(c.get('ports'), c.req.header('Authorization'), c.get('now'));
    // A client that stands for no account reads public data, and nothing else.
    return 'use' in caller && caller.use === 'client' ? refuse('insufficient_scope', {}) : caller;
  },
  refuses: BEARER_REASONS,
  security: WITH_TOKEN,
};
