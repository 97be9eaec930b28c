// The event of a changed account: the names of the fields that changed, and no event where none did.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { changedFields, changesAny, type FieldChange } from '../audit/changed-fields.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';

/** Must come before the update that has the same condition. */
export function auditUpdate(db: Db, condition: SQL, changes: readonly FieldChange[], audit: AuthorizedContext) {
  const from = sql`FROM ${accounts} WHERE ${condition} AND ${changesAny(changes)}`;
  const detail = sql`json_object('fields', ${changedFields(changes)})`;
  return auditEach(db, { action: 'account.updated', from, account: sql`${accounts.id}`, detail }, audit);
}
