// Who may call an operation, and which refusals that leads to.

import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { accountOf, adminOf, authenticateBearer, type BearerReason, type Caller } from '../../domain/sign-in/bearer.ts';
import type { Context } from '../context.ts';
import { waited } from '../middleware/metrics.ts';

/**
 * `public`: no token is looked at. `optional`: none, or one that holds. `lenient`: the account of a token that holds; any other counts as none.
 * `bearer`: a token that holds, with no look at the account unless the token's kind asks for it. `account`: and the account, loaded.
 * `admin`: and it is an admin now.
 */
export type Access = 'public' | 'optional' | 'lenient' | 'bearer' | 'account' | 'admin';

type AccessReason = BearerReason | 'forbidden';

/** The caller, whose id is measured along with what finding out took. */
export async function identify(c: Context, access: Access): Promise<Caller | undefined | Refusal<AccessReason>> {
  const authorization = c.req.header('Authorization');
  if (access === 'public' || (access === 'optional' && authorization === undefined)) return undefined;
  const measures = c.get('measures');
  const caller = await waited(measures, 'authMs', callerOf(c, access, authorization));
  if (isRefusal(caller)) return access === 'lenient' ? undefined : caller;
  measures.accountId = caller.accountId;
  return caller;
}

async function callerOf(
  c: Context,
  access: Access,
  authorization: string | undefined,
): Promise<Caller | Refusal<AccessReason>> {
  const ports = c.get('ports');
  const caller = await authenticateBearer(ports, authorization, c.get('now'));
  if (isRefusal(caller) || access === 'bearer' || access === 'optional') return caller;
  const account = await (access === 'admin' ? adminOf(ports, caller) : accountOf(ports, caller));
  return isRefusal(account) ? account : { ...caller, account };
}

const BEARER_REASONS = [
  'token_required',
  'malformed_authorization',
  'token_invalid',
  'token_expired',
  'token_revoked',
] as const;

/** The refusals that an access can lead to. */
export function reasonsOf(access: Access): readonly AccessReason[] {
  if (access === 'public' || access === 'lenient') return [];
  if (access === 'optional') return BEARER_REASONS.slice(1);
  return access === 'admin' ? [...BEARER_REASONS, 'forbidden'] : BEARER_REASONS;
}
