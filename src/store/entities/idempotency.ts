// Creations with an Idempotency-Key in D1: the key, the entity and the look-up of the key are one transaction.
import { sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import {
  type Entity,
  IDEMPOTENCY_RETENTION_MS,
  type Idempotency,
  type NewEntity,
} from '../../domain/entities/entity.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { holds } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db } from '../d1/database.ts';
import { idempotencyKeys } from '../d1/schema/entities.ts';
import { columnsOf, createdAt, insertEntity, mayCreate, type NotCreated, ownedBy, refuseCreation } from './creation.ts';
import { entityFrom } from './row.ts';

/** Creates an entity once. A retry is answered from the stored key and its own body; the entity is not read again. */
export async function addEntityOnce(
  db: Db,
  entity: NewEntity,
  idempotency: Idempotency,
  quota: number,
  audit: AuthorizedContext,
): Promise<Entity | NotCreated | Refusal<'idempotency_key_reused'>> {
  const { created, stored } = await batchOf(db, creationStatements(db, entity, idempotency, quota, audit));
  if (created[0]) return entityFrom(created[0]);
  const [first] = stored;
  if (!first) return refuseCreation(db, audit);
  if (first.requestHash !== idempotency.requestHash) return refuse('idempotency_key_reused');
  const { id, createdAt } = first;
  return { ...entity, id, ownerId: audit.actorId, version: 1, createdAt, updatedAt: createdAt };
}

/** The key is claimed first, for entity 0: an older entity of that code cannot be taken for the created one. */
function creationStatements(
  db: Db,
  entity: NewEntity,
  { keyHash, requestHash }: Idempotency,
  quota: number,
  audit: AuthorizedContext,
) {
  const { actorId, authority, now } = audit;
  const isKey = sql`${idempotencyKeys.accountId} = ${actorId} AND ${idempotencyKeys.keyHash} = ${keyHash}`;
  const isClaimed = sql`${isKey} AND ${idempotencyKeys.entityId} = 0`;
  const found = { requestHash: idempotencyKeys.requestHash, id: idempotencyKeys.entityId };
  return {
    expired: db
      .delete(idempotencyKeys)
      .where(sql`${isKey} AND ${idempotencyKeys.createdAt} <= ${now - IDEMPOTENCY_RETENTION_MS}`),
    claimed: db.insert(idempotencyKeys).select(
      sql`SELECT ${actorId}, ${keyHash}, ${requestHash}, 0, ${createdAt(now)}
        WHERE NOT EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isKey})
          AND ${mayCreate(ownedBy(actorId), quota, authority, now)}`,
    ),
    created: insertEntity(
      db,
      columnsOf(entity),
      actorId,
      now,
      sql`EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isClaimed})`,
    ),
    used: db
      .update(idempotencyKeys)
      .set({ entityId: sql`(SELECT id FROM entities WHERE code = ${entity.code})` })
      .where(isClaimed),
    stored: db
      .select({ ...found, createdAt: idempotencyKeys.createdAt })
      .from(idempotencyKeys)
      .where(sql`${isKey} AND ${holds(authority, now)}`),
  };
}
