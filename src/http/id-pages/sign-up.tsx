// Signing up: an email, a username or both, and a password. An account that need not verify its email first is signed
// in.

import { isRefusal } from '../../domain/refusal.ts';
import { signUp } from '../../domain/sign-in/page-sign-in.ts';
import type { Api, Context } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { respondPanel } from '../pages/panel.tsx';
import { signInPath } from '../pages/visitor.ts';
import { clearableEmailField, clearableUsernameField, newPasswordField } from '../shapes/fields.ts';
import { destinationOf } from './destination.ts';
import { fieldMessage } from './field-texts.ts';
import { ForApp } from './layout.tsx';
import { postOpen, signedIn } from './open-pages.ts';
import { SignUp, type SignUpForm } from './sign-up-form.tsx';

const PATH = '/id/sign-up';

export function signUpPage(api: Api): void {
  api.app.get(PATH, (c) => showSignUp(c, { next: c.req.query('next') ?? '' }));

  postOpen(api, PATH, async (call) => {
    const { c, ports, audit, form } = call;
    const { email: typedEmail = '', username: typedName = '', password: typedPassword = '', next = '' } = form;
    const again = { email: typedEmail, username: typedName, next };
    const email = clearableEmailField().safeParse(typedEmail);
    if (!email.success) return showSignUp(c, { ...again, error: ['email', fieldMessage('email', email.error)] });
    const username = clearableUsernameField().safeParse(typedName);
    if (!username.success)
      return showSignUp(c, { ...again, error: ['username', fieldMessage('username', username.error)] });
    const password = newPasswordField().safeParse(typedPassword);
    if (!password.success)
      return showSignUp(c, { ...again, error: ['password', fieldMessage('password', password.error)] });
    const registration = { email: email.data, username: username.data, password: password.data, data: {} };
    const outcome = (await refuseOverLimit(c, 'sign-up')) ?? (await signUp(ports, registration, audit));
    if (isRefusal(outcome)) return showSignUp(c, { ...again, refusal: outcome });
    return outcome === 'unverified' ? showUnverified(c) : signedIn(call, outcome);
  });
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
