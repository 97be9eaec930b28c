// New entities in D1. With an Idempotency-Key the entity, the key and the look at what the key stands for are one transaction.
import { type SQL, sql } from 'drizzle-orm';
import { type Entity, type NewEntity, type Once, REMEMBERED_MS, type Writer } from '../../domain/entities/entity.ts';
import { entityWords } from '../../domain/entities/search-terms.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Db } from '../d1/database.ts';
import { accounts, entities, idempotencyKeys } from '../d1/schema.ts';
import { isActive } from './conditions.ts';
import { ENTITY, entityFrom } from './row.ts';

/** Throws where the code is taken: the unique index decides. */
export async function addEntity(db: Db, entity: NewEntity, writer: Writer): Promise<Entity | Refusal<'token_revoked'>> {
  const [row] = await insertEntity(db, entity, writer, sql`1`);
  return row ? entityFrom(row) : refuse('token_revoked');
}

/** Inserts for an active account. `created_at` never falls as ids rise, whichever clock says it is earlier. */
function insertEntity(
  db: Db,
  { code, type, quantity, attributes, visibility }: NewEntity,
  { accountId, now }: Writer,
  unless: SQL,
) {
  const values = {
    code,
    type,
    attributes: JSON.stringify(attributes),
    words: JSON.stringify(entityWords({ code, type, attributes })),
  };
  const createdAt = sql`max(${now}, coalesce((SELECT ${entities.createdAt} FROM ${entities} ORDER BY ${entities.id} DESC LIMIT 1), 0))`;
  return db
    .insert(entities)
    .select(
      sql`SELECT NULL, ${values.code}, ${values.type}, ${quantity}, ${values.attributes}, ${visibility === 'private' ? 1 : 0},
        ${accounts.id}, 1, ${createdAt}, ${createdAt}, ${values.words}
        FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.active} = 1 AND ${unless}`,
    )
    .returning(ENTITY);
}

/** The first request with a key makes the entity; the same one later answers from what is remembered and what it says itself. */
export async function addEntityOnce(
  db: Db,
  entity: NewEntity,
  { keyHash, requestHash }: Once,
  writer: Writer,
): Promise<Entity | Refusal<'idempotency_key_reused' | 'token_revoked'>> {
  const { accountId, now } = writer;
  const isTheKey = sql`${idempotencyKeys.accountId} = ${accountId} AND ${idempotencyKeys.keyHash} = ${keyHash}`;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM ${idempotencyKeys} WHERE ${isTheKey})`;
  const [, [made], , [known]] = await db.batch([
    db.delete(idempotencyKeys).where(sql`${isTheKey} AND ${idempotencyKeys.createdAt} <= ${now - REMEMBERED_MS}`),
    insertEntity(db, entity, writer, isNew),
    db.insert(idempotencyKeys).select(
      sql`SELECT ${accountId}, ${keyHash}, ${requestHash}, ${entities.id}, ${entities.createdAt}
        FROM ${entities} WHERE ${entities.code} = ${entity.code} AND ${isNew} AND ${isActive(accountId)}`,
    ),
    db
      .select({
        requestHash: idempotencyKeys.requestHash,
        id: idempotencyKeys.entityId,
        createdAt: idempotencyKeys.createdAt,
      })
      .from(idempotencyKeys)
      .where(sql`${isTheKey} AND ${isActive(accountId)}`),
  ]);
  if (made) return entityFrom(made);
  if (!known) return refuse('token_revoked');
  if (known.requestHash !== requestHash) return refuse('idempotency_key_reused');
  return {
    ...entity,
    id: known.id,
    ownerId: accountId,
    version: 1,
    createdAt: known.createdAt,
    updatedAt: known.createdAt,
  };
}
