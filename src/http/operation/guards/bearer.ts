// A valid bearer token. The account of an access token is not looked at.

import { isRefusal, refuse } from '../../../domain/refusal.ts';
import { authenticateBearer } from '../../../domain/sign-in/bearer.ts';
import { type Caller, heldToFactors } from '../../../domain/sign-in/caller.ts';
import { BEARER_REASONS, type Guard, WITH_TOKEN } from './guard.ts';

export const bearer: Guard<Caller> = {
  identify: async (c) => {
    const caller = await authenticateBearer(c.get('ports'), c.req.header('Authorization'), c.get('now'));
    // A client that stands for nobody reads what is public, and nothing else.
    if ('use' in caller && caller.use === 'client') return refuse('insufficient_scope', {});
    return isRefusal(caller) ? caller : heldToFactors(c.get('ports'), caller, c.get('now'));
  },
  refuses: BEARER_REASONS,
  security: WITH_TOKEN,
};
