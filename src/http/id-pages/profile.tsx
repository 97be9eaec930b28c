// The visitor's email and username, and the mail that verifies the email.
import type { FC } from 'hono/jsx';
import { type IdentityChange, rename } from '../../domain/accounts/account.ts';
import { requestVerification } from '../../domain/email/verification.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { FormToken, Labelled, Notice } from '../pages/components.tsx';
import { clearableEmailField, clearableUsernameField } from '../shapes/fields.ts';
import { fieldMessage } from './field-texts.ts';
import { UsernameField } from './fields.tsx';
import { BackToAccount, respondAccountPage } from './layout.tsx';
import { accountPagesIn, type Call, recentCall } from './pages.ts';

const PATH = '/id/profile';

interface Typed {
  readonly email: string;
  readonly username: string;
}

export function profilePage(api: Api): void {
  const { get, post } = accountPagesIn(api);

  get(PATH, (call) => {
    const { email, username } = call.visitor.account;
    return showProfile(call, { email: email ?? '', username: username ?? '' });
  });

  post(PATH, async (sent) => {
    const { email: typedEmail = '', username: typedName = '' } = sent.form;
    const typed = { email: typedEmail, username: typedName };
    const email = clearableEmailField().safeParse(typedEmail);
    if (!email.success) return showProfile(sent, typed, fieldMessage('email', email.error));
    const username = clearableUsernameField().safeParse(typedName);
    if (!username.success) return showProfile(sent, typed, fieldMessage('username', username.error));
    const call = await recentCall(sent, 'for changes');
    if (isRefusal(call)) return call;
    const change = changeOf(call, { email: email.data, username: username.data });
    const renamed = await rename(call.ports, change, call.audit);
    if (!isRefusal(renamed)) {
      const isMailed = change.email && call.ports.mailing.isConfigured;
      return call.c.redirect(`/id?done=${isMailed ? 'email' : 'profile'}`, 303);
    }
    return renamed.refused === 'token_revoked' ? renamed : showProfile(call, typed, TEXTS[renamed.refused]);
  });

  post('/id/verification', async ({ c, ports, audit }) => {
    const sent = await requestVerification(ports, audit);
    return isRefusal(sent) && sent.refused !== 'email_verified' ? sent : c.redirect('/id?done=verification', 303);
  });
}

/** The fields that differ from the account's. */
const changeOf = (
  { visitor: { account } }: Call,
  { email, username }: { readonly email: string | null; readonly username: string | null },
): IdentityChange => ({
  ...(email === account.email ? {} : { email }),
  ...(username === account.username ? {} : { username }),
});

type ShownRefusal = Refusal<'email_taken' | 'username_taken' | 'identity_required' | 'too_many_requests'>['refused'];

const TEXTS: Readonly<Record<ShownRefusal, string>> = {
  email_taken: 'Another account has this email.',
  username_taken: 'Somebody has this username. Choose another.',
  identity_required: 'An account needs an email or a username: keep one of them.',
  too_many_requests: 'The email was changed too often today. Try again tomorrow.',
};

function showProfile(call: Call, typed: Typed, error?: string): Promise<Response> {
  const { c, visitor, ports } = call;
  const { email, emailVerified } = visitor.account;
  const canVerify = email !== null && !emailVerified && ports.mailing.isConfigured;
  return respondAccountPage(
    c,
    { title: 'Profile', visitor },
    <>
      <BackToAccount />
      <h1>Profile</h1>
      {error && <Notice tone="bad">{error}</Notice>}
      <ProfileForm token={visitor.formToken} {...typed} />
      {canVerify && (
        <form method="post" action="/id/verification" class="actions">
          <FormToken token={visitor.formToken} />
          <p>{email} is not confirmed yet: follow the link in the mail that we have sent you.</p>
          <button type="submit">Send the mail again</button>
        </form>
      )}
    </>,
  );
}

const ProfileForm: FC<Typed & { token: string }> = ({ token, email, username }) => (
  <form method="post" action={PATH} class="stack column">
    <FormToken token={token} />
    <Labelled id="email" label="Email" hint="A new address gets a mail with a link, to confirm that it is yours.">
      <input id="email" name="email" type="email" value={email} autocomplete="email" aria-describedby="email-hint" />
    </Labelled>
    <UsernameField label="Username" value={username} />
    <button type="submit" class="primary">
      Save
    </button>
  </form>
);
