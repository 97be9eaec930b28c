// The account's page: everything about it, with links to the pages that change it.
import type { Child, FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import type { FactorOverview } from '../../domain/factors/factor.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Api } from '../context.ts';
import { Badge, Notice } from '../pages/components.tsx';
import { respondAccountPage } from './layout.tsx';
import { accountPagesIn } from './pages.ts';

/** Confirmations of finished actions. The address only selects one of these texts. */
const DONE: Readonly<Record<string, string>> = {
  profile: 'Your profile was changed.',
  email:
    'Your profile was changed. We have sent a mail with a link to the new address: follow it to confirm that it is ' +
    'yours.',
  verification: 'We have sent you a mail with a link. Follow it to confirm your address.',
  password: 'Your password was changed, and you were signed out everywhere else.',
  authenticator: 'Your authenticator app was removed. Your password is enough to sign in now.',
};

export function homePage(api: Api): void {
  accountPagesIn(api).get('/id', async ({ c, visitor, ports, audit }) => {
    const { account } = visitor;
    const [factors, sessions, grants] = await Promise.all([
      ports.factors.overview(account.id),
      listSessions(ports, account.id, audit.now),
      ports.grants.list(account.id),
    ]);
    const done = DONE[c.req.query('done') ?? ''];
    return respondAccountPage(
      c,
      { title: 'Your account', visitor },
      <>
        <h1>Your account</h1>
        {done && <Notice tone="good">{done}</Notice>}
        <Profile account={account} />
        <SigningIn factors={factors} />
        <h2>Where you are signed in</h2>
        <dl class="rows">
          <Row name="Devices" link={['/id/sessions', 'See all']}>
            {sessions.length === 1 ? 'Here only' : `${sessions.length} sessions`}
          </Row>
          <Row name="Connected apps" link={['/id/apps', 'See all']}>
            {grants.length === 0 ? 'None' : grants.map(({ clientName }) => clientName).join(', ')}
          </Row>
        </dl>
        <h2>Your data</h2>
        <dl class="rows">
          <Row name="Export" link={['/id/export', 'Download']}>
            All that we store about you, in a file
          </Row>
          <Row name="Delete your account" link={['/id/delete', 'Delete']}>
            For good, with your private data
          </Row>
        </dl>
      </>,
    );
  });
}

const Row: FC<{ name: string; link: readonly [href: string, text: string]; children?: Child }> = ({
  name,
  link: [href, text],
  children,
}) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
    <dd class="end">
      <a href={href} aria-label={`${text}: ${name}`}>
        {text}
      </a>
    </dd>
  </div>
);

const NONE = <span class="fine">none</span>;

const Profile: FC<{ account: Account }> = ({ account: { email, emailVerified, username } }) => (
  <>
    <h2>Profile</h2>
    <dl class="rows">
      <Row name="Email" link={['/id/profile', 'Change']}>
        {email ?? NONE} {email !== null && !emailVerified && <Badge tone="warn">not confirmed</Badge>}
      </Row>
      <Row name="Username" link={['/id/profile', 'Change']}>
        {username ?? NONE}
      </Row>
    </dl>
  </>
);

const SigningIn: FC<{ factors: FactorOverview }> = ({ factors: { totp, recoveryCodesLeft, passkeys } }) => (
  <>
    <h2>Signing in</h2>
    <dl class="rows">
      <Row name="Password" link={['/id/password', 'Change']}>
        <span class="fine">not shown</span>
      </Row>
      <Row name="Passkeys" link={['/id/passkeys', passkeys.length === 0 ? 'Add' : 'Manage']}>
        {passkeys.length === 0 ? NONE : passkeys.map(({ name }) => name).join(', ')}
      </Row>
      <Row name="Authenticator app" link={['/id/authenticator', totp ? 'Manage' : 'Set up']}>
        {totp ? <Badge tone="good">on</Badge> : 'off'}
      </Row>
      {totp && (
        <Row name="Recovery codes" link={['/id/recovery-codes', 'Make new ones']}>
          {recoveryCodesLeft === 1 ? '1 is left' : `${recoveryCodesLeft} are left`}
        </Row>
      )}
    </dl>
  </>
);
