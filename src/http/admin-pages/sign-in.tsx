// Signing in to the admin pages and out of them.
import type { FC } from 'hono/jsx';
import type { Identifier } from '../../domain/accounts/account.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { signIn, signOut } from '../../domain/sign-in/admin-session.ts';
import { type Api, type Context, originOf } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseFlood } from '../operation/rate-limit.ts';
import { Labelled, Notice } from './components.tsx';
import { cookieOf, dropCookie, keepCookie } from './cookie.ts';
import { sayRefusal } from './error-page.tsx';
import { say, Wordmark } from './layout.tsx';
import { pagesIn, readForm, sayForeign } from './pages.ts';

const HOME = '/admin';

/** Where to go after signing in: one of our own pages, or the overview. */
export function safeNext(next: string | undefined, base: string): string {
  if (!next || !URL.canParse(next, base)) return HOME;
  const { origin, pathname, search } = new URL(next, base);
  const ours = origin === new URL(base).origin && /^\/admin(\/|$)/.test(pathname) && !/^\/admin\/sign-/.test(pathname);
  return ours ? `${pathname}${search}` : HOME;
}

/** A username has no `@` and an email has one. */
const identifierOf = (name: string): Identifier => (name.includes('@') ? { email: name } : { username: name });

type Told = Refusal<'invalid_credentials' | 'account_disabled' | 'too_many_attempts' | 'too_many_requests'>;

const minutes = (seconds: number): string =>
  seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} seconds`;

const wordsFor = ({ refused, retryAfterSeconds = 60 }: Told): string =>
  ({
    invalid_credentials: 'No account has this name and password.',
    account_disabled: 'This account has been deactivated.',
    too_many_attempts: `Too many wrong passwords in a row. Try again in ${minutes(retryAfterSeconds)}.`,
    too_many_requests: `Too many tries from your address. Try again in ${minutes(retryAfterSeconds)}.`,
  })[refused];

export function signInPages(api: Api): void {
  api.app.get('/admin/sign-in', (c) =>
    showSignIn(c, { next: c.req.query('next') ?? '', done: c.req.query('done') === 'signed-out' }),
  );

  api.app.post('/admin/sign-in', async (c) => {
    const form = await readForm(c);
    if (isRefusal(form)) return sayRefusal(c, form);
    if (form === 'foreign') return sayForeign(c);
    const { name = '', password = '', next = '' } = form;
    const credentials = { identifier: identifierOf(name), password };
    const cookie =
      (await refuseFlood(c, 'sign-in')) ?? (await signIn(c.get('ports'), credentials, originOf(c), c.get('now')));
    if (!isRefusal(cookie)) {
      keepCookie(c, cookie);
      return c.redirect(safeNext(next, c.req.url), 303);
    }
    return cookie.refused === 'forbidden' ? sayRefusal(c, cookie) : showSignIn(c, { name, next, refusal: cookie });
  });

  pagesIn(api).take('/admin/sign-out', async ({ c, visit, ports, act }) => {
    await signOut(ports.sessions, visit, act);
    dropCookie(c);
    return c.redirect('/admin/sign-in?done=signed-out', 303);
  });
}

interface Asked {
  readonly name?: string;
  readonly next: string;
  readonly done?: boolean;
  readonly refusal?: Told;
}

/** A form shown again is a page like any other (200), but for a lock, which a client should wait out. */
function showSignIn(c: Context, asked: Asked): Response | Promise<Response> {
  const { refusal } = asked;
  const locked = refusal?.retryAfterSeconds !== undefined;
  const again = cookieOf(c) !== undefined && !refusal && !asked.done;
  return say(
    c,
    { title: 'Sign in', ...(locked ? { status: 429, headers: headersFor(refusal, 429) } : {}) },
    <SignIn {...asked} again={again} />,
  );
}

const SignIn: FC<Asked & { again: boolean }> = ({ name = '', next, done, refusal, again }) => (
  <section class="panel">
    <Wordmark />
    <h1>Sign in</h1>
    {done && <Notice tone="good">You are signed out.</Notice>}
    {again && next && <Notice tone="plain">Your session has ended. Sign in to go on where you were.</Notice>}
    {refusal && <Notice tone="bad">{wordsFor(refusal)}</Notice>}
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
      <button type="submit" class="primary">
        Sign in
      </button>
    </form>
  </section>
);
