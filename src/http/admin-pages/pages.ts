// Admin pages: shown to whoever D1 knows as an active admin now. Forms are accepted from our own pages only.
import { z } from '@hono/zod-openapi';
import { csrf } from 'hono/csrf';
import type { Authority, AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type AdminRefusal, type AdminSession, authenticateAdmin } from '../../domain/sign-in/admin-session.ts';
import { authorityOf, type SessionTokenCaller } from '../../domain/sign-in/caller.ts';
import { requireRecent } from '../../domain/sign-in/recent.ts';
import { csrfTokenOf, isCsrfToken } from '../../domain/tokens/csrf-token.ts';
import { type Api, type Context, clientInfoOf, type Ports } from '../context.ts';
import { MAX_BODY_BYTES, parseBody, readBytes } from '../operation/body.ts';
import { idField } from '../shapes/paging.ts';
import { withQuery } from './components.tsx';
import { cookieOf } from './cookie.ts';
import { respondError, respondRefusal } from './error-page.tsx';
import type { SignedIn } from './layout.tsx';

export type Form = Readonly<Record<string, string | undefined>>;

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

const respond = (c: Context, outcome: Outcome): Response | Promise<Response> =>
  isRefusal(outcome) ? respondRefusal(c, outcome) : outcome;

async function callOf(c: Context): Promise<Call | Refusal<'token_required'> | AdminRefusal> {
  const [ports, now] = [c.get('ports'), c.get('now')];
  const session = await authenticateAdmin(ports, cookieOf(c), now);
  if (isRefusal(session)) return session;
  const { admin, sessionId } = session;
  c.get('metrics').accountId = admin.id;
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
  if (refusal.refused !== 'token_required') return respondRefusal(c, refusal);
  const { pathname, search } = new URL(c.req.url);
  const next = `${pathname}${c.req.method === 'GET' ? search : ''}`;
  return c.redirect(withQuery('/admin/sign-in', { next }), 303);
}

/** The `:id` of a path; undefined for anything but an id. */
export const idFrom = (c: Context): number | undefined => idOf(c.req.param('id') ?? '');

export const idOf = (text: string): number | undefined => idField.safeParse(text).data;

const sameOrigin = csrf();
const FormBody = z.record(z.string(), z.string());

type FormRefusal = Refusal<'payload_too_large' | 'unsupported_media_type' | 'malformed_body' | 'invalid_body'>;

/**
 * A form that one of our pages sent: browsers say so in Sec-Fetch-Site, and in Origin where a page's policy allows it.
 */
export async function readForm(c: Context): Promise<Form | 'cross_site' | FormRefusal> {
  if (!(await isSameOrigin(c))) return 'cross_site';
  const bytes = await readBytes(c, MAX_BODY_BYTES);
  c.set('now', c.get('clock')());
  if (bytes === 'too_large') return refuse('payload_too_large');
  return parseBody(c, bytes, { body: FormBody, mediaTypes: ['application/x-www-form-urlencoded'] });
}

/** Hono's check throws where it refuses. */
async function isSameOrigin(c: Context): Promise<boolean> {
  let passed = false;
  await sameOrigin(c, async () => {
    passed = true;
  }).catch(() => undefined);
  return passed;
}

export const sayStaleForm = (c: Context): Response | Promise<Response> =>
  respondError(c, {
    status: 403,
    title: 'Nothing was changed',
    text:
      'This form is older than your session, or did not come from this site. Go back, reload the page and try ' +
      'again.',
  });
