// Signing in with a name and a password, and signing out.
import type { FC } from 'hono/jsx';
import type { Identifier } from '../../domain/accounts/account.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { endPageSession } from '../../domain/sign-in/page-session.ts';
import { signInWithPassword } from '../../domain/sign-in/page-sign-in.ts';
import type { Api, Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { Labelled, Notice, withQuery } from '../pages/components.tsx';
import { cookieOf, deleteSessionCookie } from '../pages/cookie.ts';
import { safeNext, visitorOf } from '../pages/visitor.ts';
import { respondPanel } from './layout.tsx';
import { postOpen, signedIn } from './open-pages.ts';
import { accountPagesIn } from './pages.ts';
import { type SignInRefusal, textOf } from './refusal-texts.ts';
import { showSecondFactor } from './second-factor.tsx';

/** A username has no `@` and an email has one. */
const identifierOf = (name: string): Identifier => (name.includes('@') ? { email: name } : { username: name });

export function signInPages(api: Api): void {
  api.app.get('/id/sign-in', async (c) => {
    const { next = '', again, done } = c.req.query();
    const isSignedIn = cookieOf(c) !== undefined && !isRefusal(await visitorOf(c));
    if (isSignedIn && !again) return c.redirect(safeNext(next, c.req.url), 303);
    const ended = cookieOf(c) !== undefined && !isSignedIn && next !== '';
    return showSignIn(c, { next, note: done === 'signed-out' ? 'signed out' : ended ? 'ended' : undefined });
  });

  postOpen(api, '/id/sign-in', async (call) => {
    const { c, form, ports, audit } = call;
    const { name = '', password = '', next = '' } = form;
    const credentials = { identifier: identifierOf(name), password };
    const outcome = (await refuseOverLimit(c, 'sign-in')) ?? (await signInWithPassword(ports, credentials, audit));
    if (isRefusal(outcome)) return showSignIn(c, { name, next, refusal: outcome });
    return typeof outcome === 'string' ? signedIn(call, outcome) : showSecondFactor(c, { ...outcome, next });
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

/** A form with an error is a page like any other (200), except under a lock, which a client should wait for. */
export function showSignIn(c: Context, form: SignInForm): Promise<Response> {
  const { refusal } = form;
  const locked = refusal && 'retryAfterSeconds' in refusal;
  return respondPanel(
    c,
    { title: 'Sign in', ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}) },
    <SignIn {...form} />,
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
      <Labelled id="password" label="Password">
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          autofocus={Boolean(refusal)}
        />
      </Labelled>
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
    <p class="links">
      <a href="/id/forgot-password">Forgot your password?</a>
      <a href={withQuery('/id/sign-up', { next })}>Create an account</a>
    </p>
  </>
);
