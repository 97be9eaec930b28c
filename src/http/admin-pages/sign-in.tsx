// Signing in to the admin pages and signing out.
import type { FC } from 'hono/jsx';
import type { Identifier } from '../../domain/accounts/account.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { ADMIN_SESSION_SECONDS, signInAdmin, signOut } from '../../domain/sign-in/admin-session.ts';
import type { LoginRefusal } from '../../domain/sign-in/sign-in.ts';
import { type Api, type Context, clientInfoOf } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { Labelled, Notice } from '../pages/components.tsx';
import { cookieOf, deleteSessionCookie, setSessionCookie } from '../pages/cookie.ts';
import { readForm } from '../pages/form.ts';
import { respondPage, Wordmark } from '../pages/layout.tsx';
import { respondRefusal, sayStaleForm } from './error-page.tsx';
import { pagesIn } from './pages.ts';

const HOME = '/admin';

/** Where to go after signing in: one of the admin pages, or the overview. */
export function safeNext(next: string | undefined, base: string): string {
  if (!next || !URL.canParse(next, base)) return HOME;
  const { origin, pathname, search } = new URL(next, base);
  const ours = origin === new URL(base).origin && /^\/admin(\/|$)/.test(pathname) && !/^\/admin\/sign-/.test(pathname);
  return ours ? `${pathname}${search}` : HOME;
}

/** A username has no `@` and an email has one. */
const identifierOf = (name: string): Identifier => (name.includes('@') ? { email: name } : { username: name });

type ShownRefusal = LoginRefusal | Refusal<'too_many_requests'>;

const minutes = (seconds: number): string =>
  seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;

function textOf(refusal: ShownRefusal): string {
  switch (refusal.refused) {
    case 'invalid_credentials':
      return 'No account has this name and password.';
    case 'second_factor_required':
      return 'This account has an authenticator app. Enter your password again, and a code of the app.';
    case 'invalid_second_factor':
      return 'The code is wrong, or was used before. Wait for the next one.';
    case 'account_disabled':
      return 'This account has been deactivated.';
    case 'email_not_verified':
      return 'Verify your email first: a mail with a link is on its way.';
    case 'too_many_attempts':
      return `Too many wrong passwords or codes in a row. Try again in ${minutes(refusal.retryAfterSeconds)}.`;
    case 'too_many_requests':
      return `Too many attempts from your address. Try again in ${minutes(refusal.retryAfterSeconds)}.`;
  }
}

export function signInPages(api: Api): void {
  api.app.get('/admin/sign-in', (c) =>
    showSignIn(c, { next: c.req.query('next') ?? '', done: c.req.query('done') === 'signed-out' }),
  );

  api.app.post('/admin/sign-in', async (c) => {
    const form = await readForm(c);
    if (isRefusal(form)) return respondRefusal(c, form);
    if (form === 'cross_site') return sayStaleForm(c);
    const { name = '', password = '', otp = '', next = '' } = form;
    const audit = { ...clientInfoOf(c), actorId: null, now: c.get('now') };
    const credentials = { identifier: identifierOf(name), password, otp: otp || undefined };
    const cookie = (await refuseOverLimit(c, 'sign-in')) ?? (await signInAdmin(c.get('ports'), credentials, audit));
    if (!isRefusal(cookie)) {
      setSessionCookie(c, cookie, ADMIN_SESSION_SECONDS);
      return c.redirect(safeNext(next, c.req.url), 303);
    }
    return cookie.refused === 'forbidden' ? respondRefusal(c, cookie) : showSignIn(c, { name, next, refusal: cookie });
  });

  pagesIn(api).post('/admin/sign-out', async ({ c, session, ports, audit }) => {
    await signOut(ports.sessions, session, audit);
    deleteSessionCookie(c);
    return c.redirect('/admin/sign-in?done=signed-out', 303);
  });
}

interface SignInForm {
  readonly name?: string;
  readonly next: string;
  readonly done?: boolean;
  readonly refusal?: ShownRefusal;
}

/** A form with an error is a page like any other (200), except under a lock, which a client should wait for. */
function showSignIn(c: Context, form: SignInForm): Response | Promise<Response> {
  const { refusal } = form;
  const locked = refusal && 'retryAfterSeconds' in refusal;
  const again = cookieOf(c) !== undefined && !refusal && !form.done;
  return respondPage(
    c,
    { title: 'Sign in', ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}) },
    <SignIn {...form} again={again} />,
  );
}

const SignIn: FC<SignInForm & { again: boolean }> = ({ name = '', next, done, refusal, again }) => (
  <section class="panel">
    <Wordmark />
    <h1>Sign in</h1>
    {done && <Notice tone="good">You are signed out.</Notice>}
    {again && next && <Notice tone="plain">Your session has ended. Sign in to go on where you were.</Notice>}
    {refusal && <Notice tone="bad">{textOf(refusal)}</Notice>}
    <form method="post" action="/admin/sign-in" class="stack">
      <input type="hidden" name="next" value={next} />
      <Labelled id="name" label="Email or username">
        <input
          id="name"
          name="name"
          value={name}
          autocomplete="username"
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
      <Labelled id="otp" label="Code from your authenticator app, if you use one">
        <input id="otp" name="otp" autocomplete="one-time-code" autocapitalize="none" spellcheck={false} />
      </Labelled>
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </section>
);
