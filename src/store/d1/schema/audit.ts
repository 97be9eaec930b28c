// The audit trail. Times are milliseconds since the epoch.
import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** No foreign keys: an event outlives its account. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    at: integer().notNull(),
    action: text().notNull(),
    actorId: integer('actor_id'),
    accountId: integer('account_id'),
    ip: text(),
    userAgent: text('user_agent'),
    detail: text().notNull(),
  },
  (table) => [
    index('audit_events_account').on(table.accountId, table.id),
    index('audit_events_action').on(table.action, table.id),
    index('audit_events_at').on(table.at),
  ],
);
