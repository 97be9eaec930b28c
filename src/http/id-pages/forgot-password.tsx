// A forgotten password: the page asks for the email, and answers the same whether or not an account has it.
import type { FC } from 'hono/jsx';
import { forgotPassword } from '../../domain/passwords/recovery.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Labelled, Notice } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { emailField } from '../shapes/fields.ts';
import { type Call, mailPagesIn } from './mail-pages.ts';

const PATH = '/id/forgot-password';

export function forgotPasswordPage(api: Api): void {
  const { get, post } = mailPagesIn(api);

  get(PATH, (call) => (call.c.req.query('done') === undefined ? showForm(call) : showSent(call)));

  post(PATH, 'password-forgotten', async (call) => {
    const typed = call.form.email ?? '';
    const email = emailField().safeParse(typed).data;
    if (email === undefined) return showForm(call, typed);
    const accepted = await forgotPassword(call.ports, email, call.audit);
    return isRefusal(accepted) ? accepted : call.c.redirect(`${PATH}?done=sent`, 303);
  });
}

/** `refused` is input that is not an email. */
const showForm = ({ c }: Call, refused?: string) =>
  respondPanel(c, { title: 'Forgot password', heading: 'Set a new password' }, <EmailForm refused={refused} />);

const showSent = ({ c }: Call) =>
  respondPanel(
    c,
    { title: 'Forgot password', heading: 'Look at your mail' },
    <p role="status">
      If an account has this email, a mail with a link is on its way. It works for 30 minutes. If none comes, look into
      the spam folder, or <a href={PATH}>try again</a> after a minute.
    </p>,
  );

const EmailForm: FC<{ refused: string | undefined }> = ({ refused }) => (
  <>
    {refused !== undefined && <Notice tone="bad">This is not an email address.</Notice>}
    <p>Enter the email of your account. You get a mail with a link that sets a new password.</p>
    <form method="post" action={PATH} class="stack">
      <Labelled id="email" label="Email">
        <input
          id="email"
          name="email"
          type="email"
          value={refused ?? ''}
          autocomplete="username"
          required
          autofocus
          aria-invalid={refused === undefined ? undefined : 'true'}
        />
      </Labelled>
      <button type="submit" class="primary">
        Send the link
      </button>
    </form>
  </>
);
