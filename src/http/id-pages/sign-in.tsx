// Signing in with a name and a password, and signing out.

import type { FC } from 'hono/jsx';
import type { Identifier } from '../../domain/accounts/account.ts';
import { assertionOptions } from '../../domain/passkeys/assertion.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { endPageSession } from '../../domain/sign-in/page-session.ts';
import { signInWithPasskey, signInWithPassword } from '../../domain/sign-in/page-sign-in.ts';
import type { Api, Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { Labelled, Notice, withQuery } from '../pages/components.tsx';
import { cookieOf, deleteSessionCookie } from '../pages/cookie.ts';
import { respondPanel } from '../pages/panel.tsx';
import { safeNext, visitorOf } from '../pages/visitor.ts';
import { assertionField, requestOptionsView } from '../shapes/webauthn.ts';
import { destinationOf } from './destination.ts';
import { CurrentPasswordField } from './fields.tsx';
import { ForApp } from './layout.tsx';
import { postOpen, signedIn } from './open-pages.ts';
import { accountPagesIn } from './pages.ts';
import { credentialIn, PASSKEY_SCRIPTS, PasskeyForm } from './passkey-form.tsx';
import { type SignInRefusal, textOf } from './refusal-texts.ts';
import { showSecondFactor } from './second-factor.tsx';

/** A username has no `@` and an email has one. */
const identifierOf = (name: string): Identifier => (name.includes('@') ? { email: name } : { username: name });

export function signInPages(api: Api): void {
  api.app.get('/id/sign-in', async (c) => {
    const { next = '', again, done, login_hint: name = '' } = c.req.query();
    const isSignedIn = cookieOf(c) !== undefined && !isRefusal(await visitorOf(c));
    if (isSignedIn && !again) return c.redirect(safeNext(next, c.req.url), 303);
    const ended = cookieOf(c) !== undefined && !isSignedIn && next !== '';
    return showSignIn(c, { name, next, note: done === 'signed-out' ? 'signed out' : ended ? 'ended' : undefined });
  });

  postOpen(api, '/id/sign-in', async (call) => {
    const { c, form, ports, audit } = call;
    const { name = '', password = '', next = '' } = form;
    const credentials = { identifier: identifierOf(name), password };
    const outcome = (await refuseOverLimit(c, 'sign-in')) ?? (await signInWithPassword(ports, credentials, audit));
    if (isRefusal(outcome)) return showSignIn(c, { name, next, refusal: outcome });
    return typeof outcome === 'string' ? signedIn(call, outcome) : showSecondFactor(c, { ...outcome, next });
  });

  postOpen(api, '/id/sign-in/passkey', async (call) => {
    const { c, form, ports, audit } = call;
    const { credential: field, next = '' } = form;
    const credential = credentialIn(field, assertionField());
    const outcome =
      (await refuseOverLimit(c, 'sign-in')) ??
      (credential ? await signInWithPasskey(ports, credential, audit) : refuse('invalid_passkey'));
    return isRefusal(outcome) ? showSignIn(c, { next, refusal: outcome }) : signedIn(call, outcome);
  });

  accountPagesIn(api).post('/id/sign-out', async ({ c, ports, audit }) => {
    await endPageSession(ports, cookieOf(c), audit);
    deleteSessionCookie(c);
    return c.redirect('/id/sign-in?done=signed-out', 303);
  });
}

interface SignInForm {
  readonly name?: string;
  readonly next: string;
  readonly note?: 'signed out' | 'ended' | undefined;
  readonly refusal?: SignInRefusal;
}

/** A form with an error is answered 200 like any page, but 429 with Retry-After under a lock. */
async function showSignIn(c: Context, form: SignInForm): Promise<Response> {
  const { refusal } = form;
  const { app, formTargets } = await destinationOf(c, form.next);
  const options = requestOptionsView(await assertionOptions(c.get('ports'), { purpose: 'login' }, c.get('now')));
  const locked = refusal && 'retryAfterSeconds' in refusal;
  return respondPanel(
    c,
    {
      title: 'Sign in',
      scripts: PASSKEY_SCRIPTS,
      formTargets,
      ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}),
    },
    <>
      <ForApp app={app} />
      <SignIn {...form} />
      <PasskeyForm
        action="/id/sign-in/passkey"
        kind="get"
        options={options}
        button="Sign in with a passkey"
        conditional={true}
      >
        <input type="hidden" name="next" value={form.next} />
      </PasskeyForm>
      <p class="links">
        <a href="/id/forgot-password">Forgot your password?</a>
        <a href={withQuery('/id/sign-up', { next: form.next })}>Create an account</a>
      </p>
    </>,
  );
}

const SignIn: FC<SignInForm> = ({ name = '', next, note, refusal }) => (
  <>
    {note === 'signed out' && <Notice tone="good">You are signed out.</Notice>}
    {note === 'ended' && <Notice tone="plain">You were signed out. Sign in to go on where you were.</Notice>}
    {refusal && <Notice tone="bad">{textOf(refusal)}</Notice>}
    <form method="post" action="/id/sign-in" class="stack">
      <input type="hidden" name="next" value={next} />
      <Labelled id="name" label="Email or username">
        <input
          id="name"
          name="name"
          value={name}
          autocomplete="username webauthn"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus={!refusal}
        />
      </Labelled>
      <CurrentPasswordField id="password" label="Password" autofocus={Boolean(refusal)} />
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </>
);
