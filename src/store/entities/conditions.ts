// What a statement asks of an entity, for its WHERE. Accounts are asked as they are now, not as a token says.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { EntityName } from '../../domain/entities/entity.ts';
import type { EntityFilters } from '../../domain/entities/query.ts';
import { accounts, entities } from '../d1/schema.ts';

export const isNamed = (name: EntityName): SQL =>
  'id' in name ? sql`${entities.id} = ${name.id}` : sql`${entities.code} = ${name.code}`;

/** An active account that owns the entity, or an active admin. */
export const isHeldBy = (accountId: number | Placeholder): SQL =>
  sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.active} = 1
    AND (${accounts.id} = ${entities.ownerId} OR ${accounts.role} = 'admin'))`;

/** A public one, or one that the reader holds. */
export const isVisibleTo = (readerId: number | Placeholder | undefined): SQL =>
  readerId === undefined ? sql`${entities.private} = 0` : sql`(${entities.private} = 0 OR ${isHeldBy(readerId)})`;

export const isActive = (accountId: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.active} = 1)`;

/** What the filters ask of a row. */
export function matches({ type, ownerId, minQuantity, maxQuantity }: EntityFilters): SQL {
  const asked = [
    ...(type === undefined ? [] : [sql`type = ${type}`]),
    ...(ownerId === undefined ? [] : [sql`owner_id = ${ownerId}`]),
    ...(minQuantity === undefined ? [] : [sql`quantity >= ${minQuantity}`]),
    ...(maxQuantity === undefined ? [] : [sql`quantity <= ${maxQuantity}`]),
  ];
  return asked.length === 0 ? sql`1` : sql.join(asked, sql` AND `);
}
