// Audit events of admins' writes to entities of others. Owners' writes to their own are not recorded.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { EntityChange } from '../../domain/entities/entity.ts';
import { changedFields, type FieldChange } from '../audit/changed-fields.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { entities } from '../d1/schema/entities.ts';

/** The event of a change, where `condition` holds, to an entity of somebody else or without an owner. */
export const auditForeignChange = (db: Db, condition: SQL, change: EntityChange, audit: AuthorizedContext) =>
  auditForeign(db, 'entity.changed', condition, sql`, 'fields', ${changedFields(fieldChanges(change))}`, audit);

/** The event of a deletion, under the same conditions. */
export const auditForeignDeletion = (db: Db, condition: SQL, audit: AuthorizedContext) =>
  auditForeign(db, 'entity.deleted', condition, sql``, audit);

function auditForeign(
  db: Db,
  action: 'entity.changed' | 'entity.deleted',
  condition: SQL,
  more: SQL,
  audit: AuthorizedContext,
) {
  const from = sql`FROM ${entities} WHERE ${condition} AND ${entities.ownerId} IS NOT ${audit.actorId}`;
  const detail = sql`json_object('entity_id', ${entities.id}, 'code', ${entities.code}${more})`;
  return auditEach(db, { action, from, account: sql`${entities.ownerId}`, detail }, audit);
}

function fieldChanges({ code, type, quantity, attributes, visibility }: EntityChange): readonly FieldChange[] {
  const given: readonly (readonly [name: string, column: SQL, value: string | number | undefined])[] = [
    ['code', sql`${entities.code}`, code],
    ['type', sql`${entities.type}`, type],
    ['quantity', sql`${entities.quantity}`, quantity],
    ['attributes', sql`${entities.attributes}`, attributes && JSON.stringify(attributes)],
    ['visibility', sql`iif(${entities.private}, 'private', 'public')`, visibility],
  ];
  return given.flatMap(([name, column, value]) => (value === undefined ? [] : [[name, sql`${column} <> ${value}`]]));
}
