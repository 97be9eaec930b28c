// Signing up: an email, a username or both, and a password. Whoever need not verify their email first is signed in.

import type { FC } from 'hono/jsx';
import type { RegistrationRefusal } from '../../domain/accounts/registration.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { signUp } from '../../domain/sign-in/page-sign-in.ts';
import type { Api, Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { Labelled, Notice } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { signInPath } from '../pages/visitor.ts';
import { clearableEmailField, clearableUsernameField, newPasswordField } from '../shapes/fields.ts';
import { destinationOf } from './destination.ts';
import { fieldMessage, type NamedField } from './field-texts.ts';
import { ForApp } from './layout.tsx';
import { postOpen, signedIn } from './open-pages.ts';

const PATH = '/id/sign-up';

export function signUpPage(api: Api): void {
  api.app.get(PATH, (c) => showSignUp(c, { next: c.req.query('next') ?? '' }));

  postOpen(api, PATH, async (call) => {
    const { c, ports, audit, form } = call;
    const { email: typedEmail = '', username: typedName = '', password: typedPassword = '', next = '' } = form;
    const again = { email: typedEmail, username: typedName, next };
    const email = clearableEmailField.safeParse(typedEmail);
    if (!email.success) return showSignUp(c, { ...again, error: ['email', fieldMessage('email', email.error)] });
    const username = clearableUsernameField.safeParse(typedName);
    if (!username.success)
      return showSignUp(c, { ...again, error: ['username', fieldMessage('username', username.error)] });
    const password = newPasswordField.safeParse(typedPassword);
    if (!password.success)
      return showSignUp(c, { ...again, error: ['password', fieldMessage('password', password.error)] });
    const registration = { email: email.data, username: username.data, password: password.data, data: {} };
    const outcome = (await refuseOverLimit(c, 'sign-up')) ?? (await signUp(ports, registration, audit));
    if (isRefusal(outcome)) return showSignUp(c, { ...again, refusal: outcome });
    return outcome === 'unverified' ? showUnverified(c) : signedIn(call, outcome);
  });
}

type ShownRefusal = RegistrationRefusal | Refusal<'too_many_requests'>;

interface SignUpForm {
  readonly email?: string;
  readonly username?: string;
  readonly next: string;
  readonly error?: readonly [field: NamedField, message: string];
  readonly refusal?: ShownRefusal;
}

/** The field that a refusal is about. */
function errorOf(refusal: ShownRefusal): readonly [field: NamedField | undefined, message: string] {
  switch (refusal.refused) {
    case 'email_taken':
      return ['email', 'There is an account with this email. Sign in, or set a new password if you forgot yours.'];
    case 'username_taken':
      return ['username', 'Somebody has this username. Choose another.'];
    case 'identity_required':
      return ['email', 'Enter an email or a username.'];
    case 'password_too_short':
      return ['password', `The password is too short: it needs at least ${refusal.minimum} characters.`];
    case 'password_breached':
      return ['password', 'Others have used this password, and attackers try it first. Choose another.'];
    case 'registration_closed':
      return [undefined, 'Nobody can create an account here at the moment.'];
    case 'too_many_requests':
      return [undefined, 'Too many accounts were created from your network. Wait a few seconds and try again.'];
  }
}

async function showSignUp(c: Context, form: SignUpForm): Promise<Response> {
  const { REGISTRATION_OPEN: isOpen, PASSWORD_MIN_LENGTH: minimum } = await c
    .get('ports')
    .settings.current(c.get('now'));
  const { next, refusal } = form;
  if (!isOpen || refusal?.refused === 'registration_closed') return showClosed(c, next);
  const { app, formTargets } = await destinationOf(c, next);
  const limited = refusal?.refused === 'too_many_requests' ? refusal : undefined;
  return respondPanel(
    c,
    { title: 'Create an account', formTargets, ...(limited ? { status: 429, headers: headersFor(limited, 429) } : {}) },
    <>
      <ForApp app={app} />
      <SignUp {...form} minimum={minimum} />
      <p class="links">
        <a href={signInPath(next)}>Sign in instead</a>
      </p>
    </>,
  );
}

const showClosed = (c: Context, next: string) =>
  respondPanel(
    c,
    { title: 'Create an account', status: 403 },
    <>
      <p>Nobody can create an account here at the moment.</p>
      <p class="links">
        <a href={signInPath(next)}>Sign in</a>
      </p>
    </>,
  );

const showUnverified = (c: Context) =>
  respondPanel(
    c,
    { title: 'Look at your mail' },
    <p role="status">
      Your account is made. Before you can sign in, follow the link in the mail that we have sent you. If none comes,
      look into the spam folder, or sign in: that sends it again.
    </p>,
  );

const SignUp: FC<SignUpForm & { minimum: number }> = ({ email = '', username = '', next, minimum, ...wrong }) => {
  const [field, message] = wrong.error ?? (wrong.refusal ? errorOf(wrong.refusal) : []);
  const isInvalid = (name: NamedField) => (field === name ? 'true' : undefined);
  return (
    <>
      {message && <Notice tone="bad">{message}</Notice>}
      <form method="post" action={PATH} class="stack">
        <input type="hidden" name="next" value={next} />
        <Labelled id="email" label="Email" hint="You need it to get back in if you forget your password.">
          <input
            id="email"
            name="email"
            type="email"
            value={email}
            autocomplete="email"
            aria-describedby="email-hint"
            aria-invalid={isInvalid('email')}
            autofocus
          />
        </Labelled>
        <Labelled id="username" label="Username (optional)" hint="You can sign in with it as well.">
          <input
            id="username"
            name="username"
            value={username}
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            aria-describedby="username-hint"
            aria-invalid={isInvalid('username')}
          />
        </Labelled>
        <Labelled id="password" label="Password" hint={`At least ${minimum} characters.`}>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="new-password"
            required
            aria-describedby="password-hint"
            aria-invalid={isInvalid('password')}
          />
        </Labelled>
        <button type="submit" class="primary">
          Create the account
        </button>
      </form>
    </>
  );
};
