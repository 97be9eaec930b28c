// Verifying an email: the page shows whose account it is, and its button verifies.
import type { FC } from 'hono/jsx';
import { deviceOf } from '../../domain/device.ts';
import { findVerification, type SignUp, verifyEmail } from '../../domain/email/verification.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { Moment } from '../pages/components.tsx';
import { respondPanel } from '../pages/panel.tsx';
import { mailPagesIn } from './mail-pages.ts';

const PATH = '/id/verify-email';

export function verifyEmailPage(api: Api): void {
  const { get, post } = mailPagesIn(api);

  get(PATH, async ({ c, ports, audit }) => {
    if (c.req.query('done') !== undefined)
      return respondPanel(c, { title: 'Email verified', heading: 'Your email is verified' }, <Verified />);
    const token = c.req.query('token') ?? '';
    const signUp = await findVerification(ports, token, audit.now);
    if (isRefusal(signUp)) return signUp;
    return respondPanel(
      c,
      { title: 'Verify email', heading: 'Verify your email' },
      <Question token={token} signUp={signUp} />,
    );
  });

  post(PATH, 'mailed-link', async ({ c, ports, audit, form }) => {
    const verified = await verifyEmail(ports, form.token ?? '', audit);
    return isRefusal(verified) ? verified : c.redirect(`${PATH}?done=verified`, 303);
  });
}

const Question: FC<{ token: string; signUp: SignUp }> = ({ token, signUp }) => {
  const { account, userAgent } = signUp;
  return (
    <>
      <p>Is this account yours? If it is not, close this page.</p>
      <dl class="facts wide">
        <dt>Email</dt>
        <dd>{account.email}</dd>
        {account.username !== null && (
          <>
            <dt>Username</dt>
            <dd>{account.username}</dd>
          </>
        )}
        <dt>Signed up</dt>
        <dd>
          <Moment at={account.createdAt} /> UTC
        </dd>
        <dt>With</dt>
        <dd>{deviceOf(userAgent)}</dd>
      </dl>
      <form method="post" action={PATH} class="actions">
        <input type="hidden" name="token" value={token} />
        <button type="submit" class="primary">
          Verify email
        </button>
      </form>
    </>
  );
};

const Verified: FC = () => (
  <>
    <p role="status">You can close this page, or go to your account.</p>
    <p class="actions">
      <a class="button" href="/id">
        Your account
      </a>
    </p>
  </>
);
