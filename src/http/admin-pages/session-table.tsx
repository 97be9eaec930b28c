// The live sessions of an account, each with a link to end it.
import type { FC } from 'hono/jsx';
import type { Account } from '../../domain/accounts/account.ts';
import type { Session } from '../../domain/sessions/session.ts';
import { Badge, Moment } from '../pages/components.tsx';
import { ClientCell } from './events.tsx';

const KINDS = { refresh: 'Token pair', session: 'Session token' } as const;

export const SessionTable: FC<{ account: Account; sessions: readonly Session[]; currentId: string }> = ({
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
