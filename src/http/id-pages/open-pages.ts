// Pages for signed-out visitors. Their forms have no CSRF token; browser headers show that our own page sent them.
import type { AuditContext } from '../../domain/audit-context.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { endPageSession, PAGE_SESSION_SECONDS } from '../../domain/sign-in/page-session.ts';
import { type Api, type Context, clientInfoOf, type Ports } from '../context.ts';
import { cookieOf, setSessionCookie } from '../pages/cookie.ts';
import { type Form, readForm } from '../pages/form.ts';
import { safeNext } from '../pages/visitor.ts';
import { errors } from './error-page.tsx';

/** The argument of a form's handler. */
export interface OpenCall {
  readonly c: Context;
  readonly form: Form;
  readonly ports: Ports;
  readonly audit: AuditContext;
}

/** Adds a page that takes a form. */
export function postOpen(
  { app }: Api,
  path: `/id/${string}`,
  handler: (call: OpenCall) => Promise<Response> | Response,
): void {
  app.post(path, async (c) => {
    const form = await readForm(c);
    if (form === 'cross_site') return errors.sayStaleForm(c);
    if (isRefusal(form)) return errors.respondRefusal(c, form);
    const audit = { ...clientInfoOf(c), actorId: null, now: c.get('now') };
    return handler({ c, form, ports: c.get('ports'), audit });
  });
}

/** Signs the browser in with a new cookie, ends the session of the old one, and redirects. */
export async function signedIn({ c, form, ports, audit }: OpenCall, cookie: string): Promise<Response> {
  await endPageSession(ports, cookieOf(c), audit);
  setSessionCookie(c, cookie, PAGE_SESSION_SECONDS);
  return c.redirect(safeNext(form.next, c.req.url), 303);
}
