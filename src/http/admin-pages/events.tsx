// Audit events as people read them: who did what to which account, when and from where.
import type { FC } from 'hono/jsx';
import type { AccountNames } from '../../domain/accounts/administration.ts';
import type { AuditEvent } from '../../domain/audit/trail.ts';
import type { Ports } from '../context.ts';
import { Moment } from '../pages/components.tsx';
import { ACTIONS, Detail } from './event-words.tsx';

export interface NamedEvents {
  readonly events: readonly AuditEvent[];
  readonly names: AccountNames;
}

/** Events with the names of all accounts in them, found by one query. */
export async function namedEvents({ administration }: Ports, events: readonly AuditEvent[]): Promise<NamedEvents> {
  const ids = new Set(events.flatMap(({ actorId, accountId }) => [actorId, accountId]).filter((id) => id !== null));
  return { events, names: ids.size > 0 ? await administration.names([...ids]) : new Map() };
}

export const EventTable: FC<NamedEvents> = ({ events, names }) => (
  <table class="events">
    <thead>
      <tr>
        <th scope="col" class="middling">
          When (UTC)
        </th>
        <th scope="col" class="roomy">
          Who
        </th>
        <th scope="col" class="roomy">
          What
        </th>
        <th scope="col" class="middling">
          Whom
        </th>
        <th scope="col">From</th>
      </tr>
    </thead>
    <tbody>
      {events.map((event) => (
        <tr>
          <td data-label="When">
            <Moment at={event.at} />
          </td>
          <td data-label="Who">
            <Person id={event.actorId} names={names} nobody="Nobody signed in" />
          </td>
          <td data-label="What">
            {ACTIONS[event.action]} <Detail action={event.action} detail={event.detail} />
          </td>
          <td data-label="Whom">
            {event.accountId === event.actorId && event.accountId !== null ? (
              'Themselves'
            ) : (
              <Person id={event.accountId} names={names} nobody="—" />
            )}
          </td>
          <td data-label="From">
            <ClientCell ip={event.ip} userAgent={event.userAgent} />
          </td>
        </tr>
      ))}
    </tbody>
  </table>
);

const Person: FC<{ id: number | null; names: AccountNames; nobody: string }> = ({ id, names, nobody }) => {
  if (id === null) return <span class="fine">{nobody}</span>;
  const name = names.get(id);
  return name === undefined ? <span class="fine">#{id}, deleted</span> : <a href={`/admin/users/${id}`}>{name}</a>;
};

export const ClientCell: FC<{ ip: string | null; userAgent: string | null }> = ({ ip, userAgent }) => (
  <>
    {ip ?? <span class="fine">unknown</span>}
    {userAgent && (
      <small class="agent" title={userAgent}>
        {userAgent}
      </small>
    )}
  </>
);
