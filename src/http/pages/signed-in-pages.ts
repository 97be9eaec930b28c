// Pages for signed-in visitors. Forms are accepted from our own pages only, with the CSRF token of their session.
import { routePath } from 'hono/route';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { isCsrfToken } from '../../domain/tokens/csrf-token.ts';
import type { Api, Context } from '../context.ts';
import { recordRefusedAccess } from '../operation/refused-access.ts';
import type { ErrorPages } from './error-page.tsx';
import { type Form, readForm } from './form.ts';
import { currentPage, reauthenticatePath, signInPath, type Visitor } from './visitor.ts';

type Outcome = Response | Refusal;
type Handler<C> = (call: C) => Promise<Outcome> | Outcome;

/** The functions that differ between parts of the site. */
interface Part<C> {
  readonly errors: ErrorPages;
  /** The argument of a page's handler, or a refusal where the visitor may not see the page. */
  readonly callOf: (c: Context) => Promise<C | Refusal>;
}

/** Returns the functions that add pages: `get` shows one, `post` takes a form. */
export function signedInPages<P extends string, C extends { readonly visitor: Visitor }>(
  { app }: Api,
  { errors, callOf }: Part<C>,
) {
  const respond = async (c: Context, outcome: Outcome): Promise<Response> => {
    if (!isRefusal(outcome)) return outcome;
    if (outcome.refused === 'token_required') return c.redirect(signInPath(currentPage(c)), 303);
    if (outcome.refused === 'reauthentication_required') return c.redirect(reauthenticatePath(currentPage(c)), 303);
    if (outcome.refused === 'forbidden') await recordRefusedAccess(c, `${c.req.method} ${routePath(c, -1)}`);
    return errors.respondRefusal(c, outcome);
  };

  return {
    get(path: P, handler: Handler<C>): void {
      app.get(path, async (c) => {
        const call = await callOf(c);
        return respond(c, isRefusal(call) ? call : await handler(call));
      });
    },

    post(path: P, handler: Handler<C & { readonly form: Form }>): void {
      app.post(path, async (c) => {
        const form = await readForm(c);
        if (form === 'cross_site') return errors.sayStaleForm(c);
        if (isRefusal(form)) return errors.respondRefusal(c, form);
        const call = await callOf(c);
        if (isRefusal(call)) return respond(c, call);
        const { sessionId } = call.visitor;
        const isOwn = await isCsrfToken(c.get('ports').issuer.keys, sessionId, form.form_token ?? '');
        return isOwn ? respond(c, await handler({ ...call, form })) : errors.sayStaleForm(c);
      });
    },
  };
}
