// An account's page: its data, its sessions and its latest events.
import type { FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Session } from '../../domain/sessions/session.ts';
import type { Api } from '../context.ts';
import { Badge, Moment, Notice, nameOf } from './components.tsx';
import { ClientCell, EventTable, namedEvents } from './events.tsx';
import { respondPage } from './layout.tsx';
import { idFrom, pagesIn } from './pages.ts';
import { confirmationOf } from './user-actions.ts';
import { RoleAndStatus } from './users.tsx';

const LATEST = 10;

export function userPage(api: Api): void {
  pagesIn(api).get('/admin/users/:id', async ({ c, session, signedIn, ports, audit }) => {
    const id = idFrom(c);
    if (id === undefined) return refuse('account_not_found');
    const [account, sessions, trail] = await Promise.all([
      ports.administration.find(id),
      ports.sessions.list(id, audit.now),
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
        <Actions account={account} hasSessions={sessions.length > 0} />
        <h2>Live sessions</h2>
        <Sessions account={account} sessions={sessions} currentId={session.sessionId} />
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
    <dd>{account.email ?? <span class="fine">none</span>}</dd>
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
const Actions: FC<{ account: Account; hasSessions: boolean }> = ({ account: { id, role, active }, hasSessions }) => (
  <p class="actions">
    <a class="button" href={`/admin/users/${id}/${role === 'admin' ? 'demote' : 'make-admin'}`}>
      {role === 'admin' ? 'Take admin role away' : 'Make admin'}
    </a>
    {hasSessions && (
      <a class="button" href={`/admin/users/${id}/end-sessions`}>
        End all sessions
      </a>
    )}
    <a class={active ? 'button danger' : 'button'} href={`/admin/users/${id}/${active ? 'deactivate' : 'activate'}`}>
      {active ? 'Deactivate' : 'Activate'}
    </a>
  </p>
);

const KINDS = { refresh: 'Token pair', session: 'Session token' } as const;

const Sessions: FC<{ account: Account; sessions: readonly Session[]; currentId: string }> = ({
  account,
  sessions,
  currentId,
}) => {
  if (sessions.length === 0) return <p class="none">Not signed in anywhere.</p>;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Kind</th>
          <th scope="col">Last used (UTC)</th>
          <th scope="col">Since</th>
          <th scope="col">Until</th>
          <th scope="col">From</th>
          <th scope="col" class="thin">
            <span class="unseen">End</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => (
          <tr>
            <td data-label="Kind">
              {KINDS[session.kind]} {session.id === currentId && <Badge>This one</Badge>}
            </td>
            <td data-label="Last used">
              <Moment at={session.lastUsedAt} />
            </td>
            <td data-label="Since">
              <Moment at={session.createdAt} />
            </td>
            <td data-label="Until">
              <Moment at={session.expiresAt} />
            </td>
            <td data-label="From">
              <ClientCell ip={session.ip} userAgent={session.userAgent} />
            </td>
            <td class="end">
              <a
                href={`/admin/users/${account.id}/sessions/${session.id}/end`}
                aria-label={`End the session of ${session.ip ?? 'unknown'}, ${session.id.slice(0, 8)}`}
              >
                End
              </a>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
};
