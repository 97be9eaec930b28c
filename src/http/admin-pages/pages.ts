// Admin pages: shown only if the account is an active admin in D1 at the time of the request.
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type AdminRefusal, authorizeAdmin } from '../../domain/sign-in/admin-session.ts';
import type { SessionTokenCaller } from '../../domain/sign-in/caller.ts';
import { requireRecent } from '../../domain/sign-in/recent.ts';
import type { Api, Context, Ports } from '../context.ts';
import { signedInPages } from '../pages/signed-in-pages.ts';
import { auditOf, callerOf, type Visitor, visitorOf } from '../pages/visitor.ts';
import { idField } from '../shapes/paging.ts';
import { errors } from './error-page.tsx';
import type { SignedIn } from './layout.tsx';

/** The argument of a page's handler. */
export interface Call {
  readonly c: Context;
  readonly visitor: Visitor;
  /** The signed-in admin, as domain functions take callers. */
  readonly caller: SessionTokenCaller;
  readonly signedIn: SignedIn;
  readonly ports: Ports;
  readonly audit: AuthorizedContext;
}

export const pagesIn = (api: Api) => signedInPages<`/admin${string}`, Call>(api, { errors, callOf });

async function callOf(c: Context): Promise<Call | Refusal<'token_required'> | AdminRefusal> {
  const ports = c.get('ports');
  const visitor = await visitorOf(c);
  if (isRefusal(visitor)) return visitor;
  const session = await authorizeAdmin(ports, visitor, c.get('now'));
  if (isRefusal(session)) {
    // The audit event of the refusal names the account.
    if (session.refused === 'forbidden') c.get('metrics').accountId = visitor.account.id;
    return session;
  }
  const { account: admin, formToken } = visitor;
  const caller = { ...callerOf(session), ...(session.proven ? { proven: session.proven } : {}) };
  const signedIn = { admin, formToken };
  return { c, visitor, caller, signedIn, ports, audit: auditOf(c, caller, 'admin') };
}

/** The call, whose writes require recent credentials where REAUTHENTICATE_FOR_CHANGES is true. */
export async function recentCall<C extends Call>(
  call: C,
): Promise<C | Refusal<'reauthentication_required' | 'token_revoked'>> {
  const caller = await requireRecent(call.ports, call.caller, 'for changes', call.audit.now);
  if (isRefusal(caller)) return caller;
  return { ...call, caller, audit: auditOf(call.c, caller, 'admin') };
}

/** The `:id` of a path; undefined for anything but an id. */
export const idFrom = (c: Context): number | undefined => idOf(c.req.param('id') ?? '');

export const idOf = (text: string): number | undefined => idField().safeParse(text).data;
