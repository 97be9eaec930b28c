// The account's own pages, for its signed-in owner.
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { SessionTokenCaller } from '../../domain/sign-in/caller.ts';
import { type Recency, requireRecent } from '../../domain/sign-in/recent.ts';
import type { Api, Context, Ports } from '../context.ts';
import { signedInPages } from '../pages/signed-in-pages.ts';
import { auditOf, callerOf, type Visitor, visitorOf } from '../pages/visitor.ts';
import { errors } from './error-page.tsx';

/** The argument of a page's handler. */
export interface Call {
  readonly c: Context;
  readonly visitor: Visitor;
  readonly caller: SessionTokenCaller;
  readonly ports: Ports;
  readonly audit: AuthorizedContext;
}

export const accountPagesIn = (api: Api) => signedInPages<`/id${string}`, Call>(api, { errors, callOf });

async function callOf(c: Context): Promise<Call | Refusal<'token_required'>> {
  const visitor = await visitorOf(c);
  if (isRefusal(visitor)) return visitor;
  const caller = callerOf(visitor);
  return { c, visitor, caller, ports: c.get('ports'), audit: auditOf(c, caller, null) };
}

/** The call, whose writes require recent credentials. */
export async function recentCall<C extends Call>(
  call: C,
  recency: Recency,
): Promise<C | Refusal<'reauthentication_required' | 'token_revoked'>> {
  const caller = await requireRecent(call.ports, call.caller, recency, call.audit.now);
  return isRefusal(caller) ? caller : { ...call, caller, audit: auditOf(call.c, caller, null) };
}
