// Inviting somebody: an account without a password, and a mail to set one.
import type { FC } from 'hono/jsx';
import { invite } from '../../domain/accounts/registration.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { FormToken, Labelled, Notice } from '../pages/components.tsx';
import { emailField } from '../shapes/fields.ts';
import { respondPage } from './layout.tsx';
import { type Call, pagesIn, recentCall } from './pages.ts';

const PATH = '/admin/users/invite';

export function invitePage(api: Api): void {
  const { get, post } = pagesIn(api);

  get(PATH, (call) => showForm(call, {}));

  post(PATH, async (sent) => {
    const call = await recentCall(sent);
    if (isRefusal(call)) return call;
    const typed = call.form.email ?? '';
    const email = emailField().safeParse(typed).data;
    if (email === undefined) return showForm(call, { typed, error: 'This is not an email address.' });
    const invited = await invite(call.ports, email, call.audit);
    if (!isRefusal(invited)) return call.c.redirect(`/admin/users/${invited.id}?done=invite`, 303);
    if (invited.refused === 'email_taken')
      return showForm(call, { typed, error: 'An account has this email already.' });
    return invited;
  });
}

interface InviteForm {
  readonly typed?: string;
  readonly error?: string;
}

const showForm = ({ c, signedIn, ports }: Call, form: InviteForm) =>
  respondPage(
    c,
    { title: 'Invite somebody', section: 'Users', signedIn },
    <section class="ask">
      <h1>Invite somebody</h1>
      <p>They get an account without a password, and a mail with a link to choose one. It works for 7 days.</p>
      {ports.mailing.isConfigured ? (
        <EmailForm {...form} token={signedIn.formToken} />
      ) : (
        <Notice tone="bad">This service sends no mail: see docs/operations.md.</Notice>
      )}
    </section>,
  );

const EmailForm: FC<InviteForm & { token: string }> = ({ typed = '', error, token }) => (
  <>
    {error && <Notice tone="bad">{error}</Notice>}
    <form method="post" action={PATH} class="stack">
      <FormToken token={token} />
      <Labelled id="email" label="Email">
        <input
          id="email"
          name="email"
          type="email"
          value={typed}
          autocomplete="off"
          required
          aria-invalid={error === undefined ? undefined : 'true'}
        />
      </Labelled>
      <p class="actions">
        <button type="submit" class="primary">
          Send the invitation
        </button>
        <a class="button" href="/admin/users">
          Cancel
        </a>
      </p>
    </form>
  </>
);
