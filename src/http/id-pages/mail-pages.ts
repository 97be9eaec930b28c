// Pages that mails lead to, for anybody. Showing one changes nothing: mail scanners follow links.
import type { AuditContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Settings } from '../../domain/settings/settings.ts';
import { type Api, type Context, clientInfoOf, type Ports } from '../context.ts';
import { type RateLimit, refuseOverLimit } from '../operation/rate-limit.ts';
import { type Form, readForm } from '../pages/form.ts';
import { respondRefusal, sayStaleForm } from './error-page.tsx';

/** The argument of a page's handler. */
export interface Call {
  readonly c: Context;
  readonly ports: Ports;
  readonly settings: Settings;
  readonly audit: AuditContext;
}

type Outcome = Response | Refusal;
type Handler<C> = (call: C) => Promise<Outcome> | Outcome;

/** Returns the functions that add pages: `get` shows one, `post` takes a form within a rate limit. */
export function mailPagesIn({ app }: Api) {
  return {
    get(path: `/id/${string}`, handler: Handler<Call>): void {
      app.get(path, async (c) => respond(c, async () => handler(await callOf(c))));
    },

    post(path: `/id/${string}`, limit: RateLimit, handler: Handler<Call & { readonly form: Form }>): void {
      app.post(path, async (c) => {
        const form = await readForm(c);
        if (form === 'cross_site') return sayStaleForm(c);
        const refusal = isRefusal(form) ? form : await refuseOverLimit(c, limit);
        if (refusal) return respondRefusal(c, refusal);
        return respond(c, async () => handler({ ...(await callOf(c)), form: form as Form })); // refusals returned above
      });
    },
  };
}

async function respond(c: Context, handle: () => Promise<Outcome>): Promise<Response> {
  const outcome = c.get('ports').mailing.isConfigured ? await handle() : refuse('mail_not_configured');
  return isRefusal(outcome) ? respondRefusal(c, outcome) : outcome;
}

async function callOf(c: Context): Promise<Call> {
  const [ports, now] = [c.get('ports'), c.get('now')];
  const settings = await ports.settings.current(now);
  return { c, ports, settings, audit: { ...clientInfoOf(c), actorId: null, now } };
}
