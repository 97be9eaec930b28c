// Setting a new password by a mailed link.
import type { FC } from 'hono/jsx';
import { findReset, type ResettableAccount, resetPassword } from '../../domain/passwords/recovery.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Labelled, Notice } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { newPasswordField } from '../shapes/fields.ts';
import { NewPasswordField } from './fields.tsx';
import { type Call, mailPagesIn } from './mail-pages.ts';

const PATH = '/id/reset-password';

export function resetPasswordPage(api: Api): void {
  const { get, post } = mailPagesIn(api);

  get(PATH, (call) => {
    const { c } = call;
    return c.req.query('done') === undefined ? showForm(call, c.req.query('token') ?? '') : showDone(call);
  });

  post(PATH, 'mailed-link', async (call) => {
    const { c, ports, settings, audit, form } = call;
    const token = form.token ?? '';
    const password = newPasswordField().safeParse(form.password ?? '');
    if (!password.success) return showForm(call, token, 'The password is too long.');
    const reset = await resetPassword(ports, token, password.data, settings, audit);
    if (!isRefusal(reset)) return c.redirect(`${PATH}?done=set`, 303);
    switch (reset.refused) {
      case 'password_too_short':
        return showForm(call, token, `The password is too short: it needs at least ${reset.minimum} characters.`);
      case 'password_breached':
        return showForm(call, token, 'Others have used this password, and attackers try it first. Choose another.');
      default:
        return reset;
    }
  });
}

async function showForm({ c, ports, settings, audit }: Call, token: string, error?: string) {
  const account = await findReset(ports, token, audit.now);
  if (isRefusal(account)) return account;
  return respondPanel(
    c,
    { title: 'Set a new password' },
    <>
      {error && <Notice tone="bad">{error}</Notice>}
      <PasswordForm
        account={account}
        token={token}
        minimum={settings.PASSWORD_MIN_LENGTH}
        invalid={error === undefined ? undefined : 'true'}
      />
    </>,
  );
}

const showDone = ({ c }: Call) =>
  respondPanel(
    c,
    { title: 'Password set', heading: 'Your new password is set' },
    <>
      <p role="status">Every session has ended: sign in with it from now on.</p>
      <p class="actions">
        <a class="button" href="/id/sign-in">
          Sign in
        </a>
      </p>
    </>,
  );

interface PasswordFormProps {
  readonly account: ResettableAccount;
  readonly token: string;
  readonly minimum: number;
  readonly invalid: 'true' | undefined;
}

/** The email has a field of its own, so that password managers store the password for the account. */
const PasswordForm: FC<PasswordFormProps> = ({ account: { email, username }, token, minimum, invalid }) => (
  <form method="post" action={PATH} class="stack">
    <input type="hidden" name="token" value={token} />
    <Labelled id="email" label="Account" hint={username ?? undefined}>
      <input id="email" type="email" value={email} autocomplete="username" readonly />
    </Labelled>
    <NewPasswordField id="password" label="New password" minimum={minimum} invalid={invalid} autofocus={true} />
    <p class="fine">Every session of the account ends, and you sign in again.</p>
    <button type="submit" class="primary">
      Set the password
    </button>
  </form>
);
