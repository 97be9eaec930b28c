// The bodies of the administration: filters and changes, and pages of accounts and events.
import { z } from '@hono/zod-openapi';
import type { Account } from '../../domain/accounts/account.ts';
import { AUDIT_ACTIONS } from '../../domain/audit/event.ts';
import type { AuditEvent } from '../../domain/audit/trail.ts';
import { type Infer, once } from '../once.ts';
import { AccountBody, accountView } from '../shapes/account-body.ts';
import { timestamp, timestampField } from '../shapes/fields.ts';
import { type CursorPage, cursorField, idField, limitField } from '../shapes/paging.ts';

export const AccountParams = once(() => z.object({ id: idField() }));
export const AccountSessionParams = once(() => z.object({ id: idField(), session_id: z.uuid() }));

const roleField = once(() => z.enum(['user', 'admin']));

export const AccountsQuery = once(() =>
  z.object({
    q: z.string().max(254).optional().openapi({ description: 'The start of an email or a username, in any case.' }),
    role: roleField().optional(),
    active: z
      .enum(['true', 'false'])
      .transform((text) => text === 'true')
      .optional()
      .openapi({ type: 'boolean' }),
    limit: limitField(),
    cursor: cursorField(),
  }),
);

export const RoleAndStatusBody = once(() => z.object({ role: roleField().optional(), active: z.boolean().optional() }));

export const AccountsBody = once(() =>
  z
    .object({ users: z.array(AccountBody()), next_cursor: z.string().nullable() })
    .openapi('Accounts', { description: 'A page of accounts; `next_cursor` is null on the last.' }),
);

export const accountsView = ({ items, nextCursor }: CursorPage<Account>): Infer<typeof AccountsBody> => ({
  users: items.map(accountView),
  next_cursor: nextCursor,
});

export const EventsQuery = once(() =>
  z.object({
    user_id: idField().optional(),
    action: z.enum(AUDIT_ACTIONS).optional(),
    limit: limitField(),
    cursor: cursorField(),
  }),
);

const EventBody = once(() =>
  z
    .object({
      id: z.int(),
      at: timestampField(),
      action: z.enum(AUDIT_ACTIONS),
      actor_id: z.int().nullable().openapi({ description: 'The account that acted; null where nobody was signed in.' }),
      user_id: z.int().nullable().openapi({ description: 'The account that was acted on.' }),
      ip: z.string().nullable(),
      user_agent: z.string().nullable(),
      detail: z
        .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]))
        .readonly(),
    })
    .openapi('AuditEvent'),
);

export const EventsBody = once(() =>
  z
    .object({ events: z.array(EventBody()), next_cursor: z.string().nullable() })
    .openapi('AuditEvents', { description: 'A page of events, newest first; `next_cursor` is null on the last.' }),
);

const eventView = (event: AuditEvent): Infer<typeof EventBody> => ({
  id: event.id,
  at: timestamp(event.at),
  action: event.action,
  actor_id: event.actorId,
  user_id: event.accountId,
  ip: event.ip,
  user_agent: event.userAgent,
  detail: event.detail,
});

export const eventsView = ({ items, nextCursor }: CursorPage<AuditEvent>): Infer<typeof EventsBody> => ({
  events: items.map(eventView),
  next_cursor: nextCursor,
});
