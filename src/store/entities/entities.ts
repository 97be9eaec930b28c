// Entities in D1: the right to write, the expected version and an idempotency key are conditions of the write itself.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { Entities, EntityName, ExpectedVersion, Reader, WriteRefusal } from '../../domain/entities/entity.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { holds } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { entities } from '../d1/schema/entities.ts';
import { violatedUnique } from '../d1/unique.ts';
import { auditForeignChange, auditForeignDeletion } from './audit.ts';
import { isNamed, isVisibleTo, isWritableBy } from './conditions.ts';
import { addEntity } from './creation.ts';
import { addEntityOnce } from './idempotency.ts';
import { listEntities } from './lists.ts';
import { readNearest } from './reads.ts';
import { columnsOf, ENTITY, entityFrom } from './row.ts';

export const entitiesIn = (database: Database): Entities => ({
  find: (name, reader) =>
    readNearest(
      database,
      reader,
      (db) => findIn(db, name, reader),
      (entity) => (entity ? [entity] : []),
    ),
  findNow: (name, reader) => findIn(database.primary, name, reader),

  list: (query, reader) =>
    readNearest(
      database,
      reader,
      (db) => listEntities(db, query, reader),
      ({ items }) => items,
    ),

  add: (entity, quota, audit) => orCodeTaken(addEntity(database.primary, entity, quota, audit)),
  addOnce: (entity, idempotency, quota, audit) =>
    orCodeTaken(addEntityOnce(database.primary, entity, idempotency, quota, audit)),

  change: (name, change, expected, audit) => orCodeTaken(changeEntity(database.primary, name, change, expected, audit)),

  async remove(name, expected, audit) {
    const db = database.primary;
    const condition = mayWrite(name, expected, audit);
    const { removed, rights } = await batchOf(db, {
      event: auditForeignDeletion(db, condition, audit),
      removed: db.delete(entities).where(condition).returning({ id: entities.id }),
      rights: writerRights(db, name, audit),
    });
    return removed.length > 0 ? 'removed' : refuseWrite(rights);
  },
});

async function changeEntity(
  db: Db,
  name: EntityName,
  change: Parameters<typeof columnsOf>[0],
  expected: ExpectedVersion,
  audit: AuthorizedContext,
) {
  const updatedAt = sql`max(${audit.now}, ${entities.createdAt})`;
  const condition = mayWrite(name, expected, audit);
  const { changed, rights } = await batchOf(db, {
    event: auditForeignChange(db, condition, change, audit),
    changed: db
      .update(entities)
      .set({ ...columnsOf(change), version: sql`${entities.version} + 1`, updatedAt })
      .where(condition)
      .returning(ENTITY),
    rights: writerRights(db, name, audit),
  });
  return changed[0] ? entityFrom(changed[0]) : refuseWrite(rights);
}

const byId = (visible: SQL) =>
  prepare(ENTITY, (db) =>
    db
      .select(ENTITY)
      .from(entities)
      .where(sql`${entities.id} = ${sql.placeholder('id')} AND ${visible}`),
  );
const READER_ID = sql.placeholder('readerId');
const publicById = byId(isVisibleTo(undefined));
const visibleById = byId(isVisibleTo({ accountId: READER_ID }));
const visibleToUserById = byId(isVisibleTo({ accountId: READER_ID, atMost: 'user' }));

async function findIn(db: Db, name: EntityName, reader: Reader | undefined) {
  const [row] = await rowsOf(db, name, reader);
  return row && entityFrom(row);
}

function rowsOf(db: Db, name: EntityName, reader: Reader | undefined) {
  if ('code' in name) {
    const visible = sql`${isNamed(name)} AND ${isVisibleTo(reader)}`;
    return db.select(ENTITY).from(entities).where(visible);
  }
  if (!reader) return publicById(db, { id: name.id });
  const byReader = reader.atMost === 'user' ? visibleToUserById : visibleById;
  return byReader(db, { id: name.id, readerId: reader.accountId });
}

function mayWrite(name: EntityName, expected: ExpectedVersion, { authority, now }: AuthorizedContext): SQL {
  const writable = sql`${isNamed(name)} AND ${isWritableBy(authority)} AND ${holds(authority, now)}`;
  if (expected === 'any') return writable;
  return sql`${writable} AND ${entities.version} IN (SELECT value FROM json_each(${JSON.stringify(expected)}))`;
}

/** Selects the writer's rights to an entity, in the batch of a write that may do nothing. */
function writerRights(db: Db, name: EntityName, { authority, now }: AuthorizedContext) {
  const exists = (condition: SQL) =>
    sql<number>`EXISTS (SELECT 1 FROM ${entities} WHERE ${isNamed(name)} AND ${condition})`;
  return db
    .select({
      present: sql<number>`${holds({ ...authority, role: null }, now)}`.as('present'),
      holds: sql<number>`${holds(authority, now)}`.as('holds'),
      visible: exists(isVisibleTo(authority)).as('visible'),
      writable: exists(isWritableBy(authority)).as('writable'),
    })
    .from(sql`(SELECT 1)`);
}

interface WriterRights {
  /** Whether the session and the account live, and whether the account has the role as well. */
  readonly present: number;
  readonly holds: number;
  readonly visible: number;
  readonly writable: number;
}

function refuseWrite([rights]: readonly WriterRights[]): WriteRefusal {
  if (!rights?.present) return refuse('token_revoked');
  if (!rights.holds) return refuse('forbidden');
  if (!rights.visible) return refuse('entity_not_found');
  return refuse(rights.writable ? 'precondition_failed' : 'forbidden');
}

/** Runs a write, and refuses where it violates the unique index of the code. */
async function orCodeTaken<T>(write: Promise<T>): Promise<T | Refusal<'code_taken'>> {
  try {
    return await write;
  } catch (error) {
    if (violatedUnique(error) === 'entities.code') return refuse('code_taken');
    throw error;
  }
}
