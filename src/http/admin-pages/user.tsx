// An account's page: its data, its sessions and its latest events.
import type { FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import { refuse } from '../../domain/refusal.ts';
import { listSessions } from '../../domain/sessions/max-age.ts';
import type { Api } from '../context.ts';
import { Badge, Moment, Notice, nameOf } from '../pages/components.tsx';
import { EventTable, namedEvents } from './events.tsx';
import { respondPage } from './layout.tsx';
import { idFrom, pagesIn } from './pages.ts';
import { SessionTable } from './session-table.tsx';
import { confirmationOf } from './user-actions.ts';
import { RoleAndStatus } from './users.tsx';

const LATEST = 10;

export function userPage(api: Api): void {
  pagesIn(api).get('/admin/users/:id', async ({ c, visitor, signedIn, ports, audit }) => {
    const id = idFrom(c);
    if (id === undefined) return refuse('account_not_found');
    const [account, sessions, hasFactors, trail] = await Promise.all([
      ports.administration.find(id),
      listSessions(ports, id, audit.now),
      ports.factors.hasAny(id),
      ports.auditTrail.page({ accountId: id }, undefined, LATEST),
    ]);
    if (!account) return refuse('account_not_found');
    const events = await namedEvents(ports, trail.items);
    const done = confirmationOf(c.req.query('done'));
    return respondPage(
      c,
      { title: nameOf(account), section: 'Users', signedIn },
      <>
        <p class="crumb">
          <a href="/admin/users">Users</a>
        </p>
        <h1>
          {nameOf(account)} <RoleAndStatus account={account} />
        </h1>
        {done && <Notice tone="good">{done}</Notice>}
        <About account={account} />
        <Actions account={account} hasSessions={sessions.length > 0} hasFactors={hasFactors} />
        <h2>Live sessions</h2>
        <SessionTable account={account} sessions={sessions} currentId={visitor.sessionId} />
        <h2>Latest events</h2>
        {trail.items.length > 0 ? <EventTable {...events} /> : <p class="none">No events in the last 90 days.</p>}
        {trail.next !== undefined && (
          <p class="links">
            <a href={`/admin/audit?user_id=${id}`}>All of its events</a>
          </p>
        )}
      </>,
    );
  });
}

const About: FC<{ account: Account }> = ({ account }) => (
  <dl class="facts wide">
    <dt>Id</dt>
    <dd>{account.id}</dd>
    <dt>Email</dt>
    <dd>
      {account.email === null ? (
        <span class="fine">none</span>
      ) : (
        <>
          {account.email}{' '}
          {account.emailVerified ? <Badge tone="good">Verified</Badge> : <Badge tone="warn">Not verified</Badge>}
        </>
      )}
    </dd>
    <dt>Username</dt>
    <dd>{account.username ?? <span class="fine">none</span>}</dd>
    <dt>Signed up</dt>
    <dd>
      <Moment at={account.createdAt} /> UTC
    </dd>
    <dt>Changed</dt>
    <dd>
      <Moment at={account.updatedAt} /> UTC
    </dd>
    <dt>Data</dt>
    <dd>
      {Object.keys(account.data).length > 0 ? (
        <pre tabindex={0}>{JSON.stringify(account.data, null, 2)}</pre>
      ) : (
        <span class="fine">none</span>
      )}
    </dd>
  </dl>
);

/** Each action leads to a confirmation page. */
const Actions: FC<{ account: Account; hasSessions: boolean; hasFactors: boolean }> = ({
  account: { id, email, role, active },
  hasSessions,
  hasFactors,
}) => (
  <p class="actions">
    <a class="button" href={`/admin/users/${id}/${role === 'admin' ? 'demote' : 'make-admin'}`}>
      {role === 'admin' ? 'Take admin role away' : 'Make admin'}
    </a>
    {email !== null && active && (
      <a class="button" href={`/admin/users/${id}/send-reset`}>
        Send a link to set a password
      </a>
    )}
    {hasSessions && (
      <a class="button" href={`/admin/users/${id}/end-sessions`}>
        End all sessions
      </a>
    )}
    {hasFactors && (
      <a class="button" href={`/admin/users/${id}/remove-factors`}>
        Remove second factors
      </a>
    )}
    <a class={active ? 'button danger' : 'button'} href={`/admin/users/${id}/${active ? 'deactivate' : 'activate'}`}>
      {active ? 'Deactivate' : 'Activate'}
    </a>
    <a class="button danger" href={`/admin/users/${id}/delete`}>
      Delete
    </a>
  </p>
);
