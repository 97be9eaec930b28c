// Changing the visitor's password, which needs the current one and ends every other session.
import type { FC } from 'hono/jsx';
import { changePassword } from '../../domain/passwords/change.ts';
import type { WeakPassword } from '../../domain/passwords/policy.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { headersFor } from '../errors/problem.ts';
import { refuseOverLimit } from '../operation/rate-limit.ts';
import { FormToken, Notice, nameOf, UsernameHint } from '../pages/components.tsx';
import { newPasswordField } from '../shapes/fields.ts';
import { fieldMessage } from './field-texts.ts';
import { CurrentPasswordField, NewPasswordField } from './fields.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call } from './pages.ts';
import { textOf } from './refusal-texts.ts';

const PATH = '/id/password';

export function passwordPage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => showForm(call));

  post(PATH, async (call) => {
    const { c, ports, visitor, audit, form } = call;
    const password = newPasswordField().safeParse(form.new_password ?? '');
    if (!password.success) return showForm(call, { message: fieldMessage('password', password.error) });
    const change = {
      currentPassword: form.current_password ?? '',
      newPassword: password.data,
      sessionId: visitor.sessionId,
    };
    const changed =
      (await refuseOverLimit(c, 'password-change')) ??
      (await changePassword(ports, change, await ports.settings.current(audit.now), audit));
    if (!isRefusal(changed)) return c.redirect('/id?done=password', 303);
    return changed.refused === 'token_revoked' ? changed : showForm(call, errorOf(changed));
  });
}

interface FormError {
  readonly message: string;
  /** The refusal whose wait goes into Retry-After. */
  readonly lock?: Refusal<'too_many_attempts' | 'too_many_requests'>;
}

function errorOf(
  refusal: WeakPassword | Refusal<'wrong_password' | 'too_many_attempts' | 'too_many_requests'>,
): FormError {
  switch (refusal.refused) {
    case 'password_too_short':
      return { message: `The new password is too short: it needs at least ${refusal.minimum} characters.` };
    case 'password_breached':
      return { message: 'Others have used this password, and attackers try it first. Choose another.' };
    case 'wrong_password':
      return { message: 'This is not your current password.' };
    default:
      return { message: textOf(refusal), lock: refusal };
  }
}

async function showForm({ c, visitor, ports, audit }: Call, error?: FormError): Promise<Response> {
  const { PASSWORD_MIN_LENGTH: minimum } = await ports.settings.current(audit.now);
  const lock = error?.lock;
  return respondAccountPage(
    c,
    { title: 'Change password', visitor, ...(lock ? { status: 429, headers: headersFor(lock, 429) } : {}) },
    <>
      <BackToAccount />
      <h1>Change password</h1>
      {error && <Notice tone="bad">{error.message}</Notice>}
      <PasswordForm token={visitor.formToken} name={nameOf(visitor.account)} minimum={minimum} />
      <p class="links">
        <a href="/id/forgot-password">Forgot your password?</a>
      </p>
    </>,
  );
}

const PasswordForm: FC<{ token: string; name: string; minimum: number }> = ({ token, name, minimum }) => (
  <form method="post" action={PATH} class="stack column">
    <FormToken token={token} />
    <UsernameHint name={name} />
    <CurrentPasswordField id="current_password" label="Current password" autofocus={true} />
    <NewPasswordField
      id="new_password"
      label="New password"
      minimum={minimum}
      consequence="You are signed out everywhere else."
    />
    <button type="submit" class="primary">
      Change the password
    </button>
  </form>
);
