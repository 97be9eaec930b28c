// Admin pages: shown to whoever D1 knows as an active admin now. Forms are accepted from our own pages only.
import { routePath } from 'hono/route';
import type { Authority, AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import {
  type AdminRefusal,
  type AdminSession,
  accountIdOf,
  authenticateAdmin,
} from '../../domain/sign-in/admin-session.ts';
import { authorityOf, type SessionTokenCaller } from '../../domain/sign-in/caller.ts';
import { requireRecent } from '../../domain/sign-in/recent.ts';
import { csrfTokenOf, isCsrfToken } from '../../domain/tokens/csrf-token.ts';
import { type Api, type Context, clientInfoOf, type Ports } from '../context.ts';
import { recordRefusedAccess } from '../operation/refused-access.ts';
import { withQuery } from '../pages/components.tsx';
import { cookieOf } from '../pages/cookie.ts';
import { type Form, readForm } from '../pages/form.ts';
import { idField } from '../shapes/paging.ts';
import { respondRefusal, sayStaleForm } from './error-page.tsx';
import type { SignedIn } from './layout.tsx';

/** The argument of a page's handler. */
export interface Call {
  readonly c: Context;
  readonly session: AdminSession;
  /** Whoever is signed in, as domain functions know callers. */
  readonly caller: SessionTokenCaller;
  readonly signedIn: SignedIn;
  readonly ports: Ports;
  readonly audit: AuthorizedContext;
}

type Outcome = Response | Refusal;
type Handler<C> = (call: C) => Promise<Outcome> | Outcome;

/** Returns the functions that add pages: `get` shows one, `post` takes a form. */
export function pagesIn({ app }: Api) {
  return {
    get(path: `/admin${string}`, handler: Handler<Call>): void {
      app.get(path, async (c) => {
        const call = await callOf(c);
        if (isRefusal(call)) return redirectToSignIn(c, call);
        return respond(c, await handler(call));
      });
    },

    post(path: `/admin/${string}`, handler: Handler<Call & { readonly form: Form }>): void {
      app.post(path, async (c) => {
        const form = await readForm(c);
        if (isRefusal(form)) return respondRefusal(c, form);
        if (form === 'cross_site') return sayStaleForm(c);
        const call = await callOf(c);
        if (isRefusal(call)) return redirectToSignIn(c, call);
        const token = form.form_token ?? '';
        if (!(await isCsrfToken(call.ports.issuer.keys, call.session.sessionId, token))) return sayStaleForm(c);
        return respond(c, await handler({ ...call, form }));
      });
    },
  };
}

async function respond(c: Context, outcome: Outcome): Promise<Response> {
  if (!isRefusal(outcome)) return outcome;
  if (outcome.refused === 'forbidden') await recordRefusedAccess(c, `${c.req.method} ${routePath(c, -1)}`);
  return respondRefusal(c, outcome);
}

async function callOf(c: Context): Promise<Call | Refusal<'token_required'> | AdminRefusal> {
  const [ports, now] = [c.get('ports'), c.get('now')];
  const cookie = cookieOf(c);
  const session = await authenticateAdmin(ports, cookie, now);
  if (isRefusal(session)) {
    // The refusal is put on record with the account.
    if (session.refused === 'forbidden') c.get('metrics').accountId = await accountIdOf(ports.issuer, cookie, now);
    return session;
  }
  const { admin, sessionId } = session;
  const formToken = await csrfTokenOf(ports.issuer.keys, sessionId);
  const caller = callerOf(session);
  const audit = { ...clientInfoOf(c), actorId: admin.id, sessionId, authority: adminAuthority(caller), now };
  return { c, session, caller, signedIn: { admin, formToken }, ports, audit };
}

const callerOf = ({ admin, ...session }: AdminSession): SessionTokenCaller => ({
  ...session,
  accountId: admin.id,
  account: admin,
  use: 'session',
});

const adminAuthority = (caller: SessionTokenCaller): Authority => ({ ...authorityOf(caller), role: 'admin' });

/** The call, whose writes ask for recent credentials where REAUTHENTICATE_FOR_CHANGES is true. */
export async function recentCall<C extends Call>(
  call: C,
): Promise<C | Refusal<'reauthentication_required' | 'token_revoked'>> {
  const caller = await requireRecent(call.ports, call.caller, 'for changes', call.audit.now);
  if (isRefusal(caller)) return caller;
  return { ...call, caller, audit: { ...call.audit, authority: adminAuthority(caller) } };
}

/** Without a session, the visitor signs in and comes back; whoever may not use these pages is told so. */
function redirectToSignIn(c: Context, refusal: Refusal<'token_required'> | AdminRefusal): Response | Promise<Response> {
  if (refusal.refused !== 'token_required') return respond(c, refusal);
  const { pathname, search } = new URL(c.req.url);
  const next = `${pathname}${c.req.method === 'GET' ? search : ''}`;
  return c.redirect(withQuery('/admin/sign-in', { next }), 303);
}

/** The `:id` of a path; undefined for anything but an id. */
export const idFrom = (c: Context): number | undefined => idOf(c.req.param('id') ?? '');

export const idOf = (text: string): number | undefined => idField.safeParse(text).data;
