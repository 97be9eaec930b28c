// The error pages of the provider: a client's mistakes that must not be answered by a redirect.
import type { Unanswerable } from '../../domain/oauth/authorization-request.ts';
import type { Context } from '../context.ts';
import { errorPagesWith } from '../pages/error-page.tsx';
import { respondPanel } from '../pages/panel.tsx';

export const errors = errorPagesWith({
  look: 'service',
  texts: { payload_too_large: 'The app sent too much data for a sign-in.' },
  links: () => <a href="/id">Go to your account</a>,
});

export const oauthErrorPages = errors.format;

const PROBLEMS: Readonly<Record<Unanswerable['problem'] | 'foreign_logout', string>> = {
  unknown_client: 'The app that sent you here is not registered with this service.',
  unregistered_redirect:
    'The app that sent you here names a return address that is not registered for it. You stay here, since ' +
    'somebody else may be behind that address.',
  foreign_logout:
    'The app that sent you here to sign out names a return address that is not registered for it. Nothing was ' +
    'changed.',
};

/** RFC 9700 §4.1: no redirect to an address that is not known to be the client's. */
export const sayUnanswerable = (c: Context, problem: keyof typeof PROBLEMS): Promise<Response> =>
  respondPanel(
    c,
    { title: 'This link does not work', status: 400 },
    <>
      <p>{PROBLEMS[problem]}</p>
      <p class="links">
        <a href="/id">Go to your account</a>
      </p>
      <p class="fine">400 · request {c.get('requestId')}</p>
    </>,
  );
