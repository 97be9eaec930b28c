// The audit events of settings in D1. Their insert decides whether settings in KV may be changed.
import { sql } from 'drizzle-orm';
import type { AuditContext, AuthorizedContext } from '../../domain/audit-context.ts';
import type { SettingChange, SettingEvents } from '../../domain/settings/change.ts';
import { holds, refuseEnded, selectAuthority } from '../accounts/conditions.ts';
import { auditEach, auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';

export const settingEventsIn = (database: Database): SettingEvents => ({
  async record(changes, audit) {
    const db = database.primary;
    const { authority } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      events: authorizedEvents(db, changes, audit),
    });
    return refuseEnded(authority) ?? 'recorded';
  },

  async recordUndone(changes, audit) {
    const db = database.primary;
    const events = changes.map(({ key, from, to }) => [key, undoneEvent(db, key, to, from, audit)] as const);
    await batchOf(db, Object.fromEntries(events));
  },
});

/** One event for each change, where the authority holds. */
function authorizedEvents(db: Db, changes: readonly SettingChange[], audit: AuthorizedContext) {
  const details = changes.map(({ key, from, to }) => ({ setting: key, from, to }));
  const from = sql`FROM json_each(${JSON.stringify(details)}) AS change WHERE ${holds(audit.authority, audit.now)}`;
  return auditEach(db, { action: 'setting.changed', from, account: sql`NULL`, detail: sql`change.value` }, audit);
}

const undoneEvent = (
  db: Db,
  key: SettingChange['key'],
  from: SettingChange['from'],
  to: SettingChange['to'],
  audit: AuditContext,
) => auditEvent(db, 'setting.changed', null, audit, { setting: key, from, to });
