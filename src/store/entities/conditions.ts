// Conditions on entities, for the WHERE of reads and writes. Roles and status are those of the accounts table, not
// those of a token.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { EntityName, Reader } from '../../domain/entities/entity.ts';
import { isActiveOwnerOrAdmin, isBeingDeleted } from '../accounts/conditions.ts';
import { entities } from '../d1/schema/entities.ts';

export const isNamed = (name: EntityName): SQL =>
  'id' in name ? sql`${entities.id} = ${name.id}` : sql`${entities.code} = ${name.code}`;

/** A reader, whose id may be a placeholder. */
export type AnyReader = Omit<Reader, 'accountId'> & { readonly accountId: number | Placeholder };

/** Filters, whose values may be placeholders. */
export interface AnyFilters {
  readonly type?: string | Placeholder | undefined;
  readonly ownerId?: number | Placeholder | undefined;
  readonly minQuantity?: number | Placeholder | undefined;
  readonly maxQuantity?: number | Placeholder | undefined;
}

/** The account may write the entity: it is active, and its owner or an admin. */
export const isWritableBy = (reader: AnyReader): SQL =>
  sql`${isActiveOwnerOrAdmin(reader, entities.ownerId)} AND ${isNotDeleted}`;

/** Nobody, no admin either, finds the private entities of a deleted account, though their rows are removed later. */
export const isNotDeleted: SQL = sql`(${entities.private} = 0 OR NOT ${isBeingDeleted(entities.ownerId)})`;

/** The entity is public, or the reader's own, or the reader is an admin. */
export const isVisibleTo = (reader: AnyReader | undefined): SQL =>
  reader === undefined ? sql`${entities.private} = 0` : sql`(${entities.private} = 0 OR ${isWritableBy(reader)})`;

/** The row of a table passes the filters. */
export function matches({ type, ownerId, minQuantity, maxQuantity }: AnyFilters, table: string): SQL {
  const column = (name: string) => sql.raw(`${table}.${name}`);
  const conditions = [
    ...(type === undefined ? [] : [sql`${column('type')} = ${type}`]),
    ...(ownerId === undefined ? [] : [sql`${column('owner_id')} = ${ownerId}`]),
    ...(minQuantity === undefined ? [] : [sql`${column('quantity')} >= ${minQuantity}`]),
    ...(maxQuantity === undefined ? [] : [sql`${column('quantity')} <= ${maxQuantity}`]),
  ];
  return conditions.length === 0 ? sql`1` : sql.join(conditions, sql` AND `);
}
