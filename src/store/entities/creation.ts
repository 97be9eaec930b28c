// New entities in D1. With an Idempotency-Key the entity, the key and the look at the key are one transaction.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import {
  type Entity,
  IDEMPOTENCY_RETENTION_MS,
  type Idempotency,
  type NewEntity,
} from '../../domain/entities/entity.ts';
import { entityTerms } from '../../domain/entities/search-terms.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { holds } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Db } from '../d1/database.ts';
import { entities, idempotencyKeys } from '../d1/schema/entities.ts';
import { ENTITY, entityFrom } from './row.ts';

/** Throws where the code is taken: the unique index decides. */
export async function addEntity(
  db: Db,
  entity: NewEntity,
  audit: AuthorizedContext,
): Promise<Entity | Refusal<'token_revoked'>> {
  const [row] = await insertEntity(db, entity, audit, sql`1`);
  return row ? entityFrom(row) : refuse('token_revoked');
}

/** `created_at` never falls as ids rise, even if a clock does. */
function insertEntity(db: Db, entity: NewEntity, audit: AuthorizedContext, condition: SQL) {
  const { code, type, quantity, visibility } = entity;
  const attributes = JSON.stringify(entity.attributes);
  const terms = JSON.stringify(entityTerms(entity));
  const newest = sql`(SELECT ${entities.createdAt} FROM ${entities} ORDER BY ${entities.id} DESC LIMIT 1)`;
  const createdAt = sql`max(${audit.now}, coalesce(${newest}, 0))`;
  return db
    .insert(entities)
    .select(
      sql`SELECT NULL, ${code}, ${type}, ${quantity}, ${attributes}, ${visibility === 'private' ? 1 : 0},
        ${audit.actorId}, 1, ${createdAt}, ${createdAt}, ${terms}, NULL
        WHERE ${holds(audit.authority, audit.now)} AND ${condition}`,
    )
    .returning(ENTITY);
}

/** Creates an entity once. A retry is answered from the stored key and its own body; the entity is not read again. */
export async function addEntityOnce(
  db: Db,
  entity: NewEntity,
  { keyHash, requestHash }: Idempotency,
  audit: AuthorizedContext,
): Promise<Entity | Refusal<'idempotency_key_reused' | 'token_revoked'>> {
  const { actorId, now } = audit;
  const isKey = sql`${idempotencyKeys.accountId} = ${actorId} AND ${idempotencyKeys.keyHash} = ${keyHash}`;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isKey})`;
  const mayAct = holds(audit.authority, now);
  const { created, stored } = await batchOf(db, {
    expired: db
      .delete(idempotencyKeys)
      .where(sql`${isKey} AND ${idempotencyKeys.createdAt} <= ${now - IDEMPOTENCY_RETENTION_MS}`),
    created: insertEntity(db, entity, audit, isNew),
    key: db.insert(idempotencyKeys).select(
      sql`SELECT ${actorId}, ${keyHash}, ${requestHash}, ${entities.id}, ${entities.createdAt}
        FROM ${entities} WHERE ${entities.code} = ${entity.code} AND ${isNew} AND ${mayAct}`,
    ),
    stored: db
      .select({
        requestHash: idempotencyKeys.requestHash,
        id: idempotencyKeys.entityId,
        createdAt: idempotencyKeys.createdAt,
      })
      .from(idempotencyKeys)
      .where(sql`${isKey} AND ${mayAct}`),
  });
  if (created[0]) return entityFrom(created[0]);
  const [first] = stored;
  if (!first) return refuse('token_revoked');
  if (first.requestHash !== requestHash) return refuse('idempotency_key_reused');
  const { id, createdAt } = first;
  return { ...entity, id, ownerId: actorId, version: 1, createdAt, updatedAt: createdAt };
}
