// A valid bearer token. The account of an access token is not looked at.
import { authenticateBearer } from '../../../domain/sign-in/bearer.ts';
import type { Caller } from '../../../domain/sign-in/caller.ts';
import { BEARER_REASONS, type Guard, WITH_TOKEN } from './guard.ts';

export const bearer: Guard<Caller> = {
  identify: (c) => authenticateBearer(c.get('ports'), c.req.header('Authorization'), c.get('now')),
  refuses: BEARER_REASONS,
  security: WITH_TOKEN,
};
