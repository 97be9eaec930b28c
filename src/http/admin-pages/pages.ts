// A page is shown to an active admin whom D1 knows now; a form is taken from our own pages and from that admin's session only.
import { z } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { csrf } from 'hono/csrf';
import type { Act } from '../../domain/audit/event.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type Visit, visitOf } from '../../domain/sign-in/admin-session.ts';
import { formTokenOf, isFormToken } from '../../domain/tokens/csrf-token.ts';
import { type Api, type Context, originOf, type Ports } from '../context.ts';
import { MAX_BODY_BYTES, readBody } from '../operation/body.ts';
import { idField } from '../shapes/paging.ts';
import { withQuery } from './components.tsx';
import { cookieOf } from './cookie.ts';
import { sayRefusal, sayTrouble } from './error-page.tsx';
import type { SignedIn } from './layout.tsx';

export type Form = Readonly<Record<string, string | undefined>>;

/** What a page is given. */
export interface Call {
  readonly c: Context;
  readonly visit: Visit;
  readonly signedIn: SignedIn;
  readonly ports: Ports;
  readonly act: Act;
  readonly now: number;
}

type Answer = Response | Refusal;
type Handler<C> = (call: C) => Promise<Answer> | Answer;

export function pagesIn({ app }: Api) {
  return {
    show(path: `/admin${string}`, handler: Handler<Call>): void {
      app.get(path, async (c) => {
        const call = await callOf(c);
        if (isRefusal(call)) return turnAway(c, call);
        return said(c, await handler(call));
      });
    },

    take(path: `/admin/${string}`, handler: Handler<Call & { readonly form: Form }>): void {
      app.post(path, async (c) => {
        const form = await readForm(c);
        if (isRefusal(form)) return sayRefusal(c, form);
        if (form === 'foreign') return sayForeign(c);
        const call = await callOf(c);
        if (isRefusal(call)) return turnAway(c, call);
        const token = form.form_token ?? '';
        if (!(await isFormToken(call.ports.issuer.keys, call.visit.sessionId, token))) return sayForeign(c);
        return said(c, await handler({ ...call, form }));
      });
    },
  };
}

const said = (c: Context, answer: Answer): Response | Promise<Response> =>
  isRefusal(answer) ? sayRefusal(c, answer) : answer;

async function callOf(c: Context): Promise<Call | Refusal<'token_required' | 'forbidden'>> {
  const [ports, now] = [c.get('ports'), c.get('now')];
  const visit = await visitOf(ports, cookieOf(c), now);
  if (isRefusal(visit)) return visit;
  c.get('measures').accountId = visit.admin.id;
  const formToken = await formTokenOf(ports.issuer.keys, visit.sessionId);
  const act = { ...originOf(c), actorId: visit.admin.id, now };
  return { c, visit, signedIn: { admin: visit.admin, formToken }, ports, act, now };
}

/** Whoever is signed out signs in and comes back; whoever is no admin is told so. */
function turnAway(c: Context, refusal: Refusal<'token_required' | 'forbidden'>): Response | Promise<Response> {
  if (refusal.refused === 'forbidden') return sayRefusal(c, refusal);
  const { pathname, search } = new URL(c.req.url);
  return c.redirect(withQuery('/admin/sign-in', { next: `${pathname}${c.req.method === 'GET' ? search : ''}` }), 303);
}

/** The `:id` of a path; undefined where it can be none. */
export const idFrom = (c: Context): number | undefined => idOf(c.req.param('id') ?? '');

export const idOf = (text: string): number | undefined => idField.safeParse(text).data;

const sameOrigin = csrf();
const limit = bodyLimit({ maxSize: MAX_BODY_BYTES, onError: (c) => c.body(null, 413) });
const FormBody = z.record(z.string(), z.string());

/** A form that was sent from one of our pages: browsers say so in Sec-Fetch-Site, and in Origin where a page's policy lets them. */
export async function readForm(
  c: Context,
): Promise<
  Form | 'foreign' | Refusal<'payload_too_large' | 'unsupported_media_type' | 'malformed_body' | 'invalid_body'>
> {
  let form: Awaited<ReturnType<typeof readForm>> = 'foreign';
  try {
    await sameOrigin(c, async () => {
      form = refuse('payload_too_large');
      await limit(c, async () => {
        form = await readBody(c, FormBody, ['application/x-www-form-urlencoded']);
      });
    });
  } catch (error) {
    if (form !== 'foreign') throw error;
  }
  return form;
}

export const sayForeign = (c: Context): Response | Promise<Response> =>
  sayTrouble(c, {
    status: 403,
    title: 'Nothing was changed',
    words:
      'This form is older than your session, or did not come from this site. Go back, reload the page and try again.',
  });
