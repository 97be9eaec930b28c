// Entities in D1: who may, at which version and whether it happened before are conditions of the write itself.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Entities, EntityName, Expected, WriteRefusal, Writer } from '../../domain/entities/entity.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type Database, type Db, violatedUnique } from '../d1/database.ts';
import { kept } from '../d1/prepared.ts';
import { entities } from '../d1/schema.ts';
import { isActive, isHeldBy, isNamed, isVisibleTo } from './conditions.ts';
import { addEntity, addEntityOnce } from './creation.ts';
import { listEntities } from './lists.ts';
import { columnsOf, ENTITY, entityFrom } from './row.ts';

export const entitiesIn = (database: Database): Entities => ({
  find: (name, readerId) => findIn(database.nearest, name, readerId),
  findNow: (name, readerId) => findIn(database.primary, name, readerId),

  list: (query, readerId) => listEntities(database.nearest, query, readerId),

  add: (entity, writer) => orCodeTaken(addEntity(database.primary, entity, writer)),
  addOnce: (entity, once, writer) => orCodeTaken(addEntityOnce(database.primary, entity, once, writer)),

  async change(name, change, expected, writer) {
    const db = database.primary;
    const write = db
      .update(entities)
      .set({
        ...columnsOf(change),
        version: sql`${entities.version} + 1`,
        updatedAt: sql`max(${writer.now}, ${entities.createdAt})`,
      })
      .where(mayWrite(name, expected, writer))
      .returning(ENTITY);
    return orCodeTaken(
      db.batch([write, standing(db, name, writer)]).then(([[row], [found]]) => (row ? entityFrom(row) : whyNot(found))),
    );
  },

  async remove(name, expected, writer) {
    const db = database.primary;
    const write = db
      .delete(entities)
      .where(mayWrite(name, expected, writer))
      .returning({ id: entities.id });
    const [removed, [found]] = await db.batch([write, standing(db, name, writer)]);
    return removed.length > 0 ? undefined : whyNot(found);
  },
});

const byId = (readerId: Placeholder | undefined) =>
  kept(ENTITY, (db) =>
    db
      .select(ENTITY)
      .from(entities)
      .where(sql`${entities.id} = ${sql.placeholder('id')} AND ${isVisibleTo(readerId)}`),
  );
const publicById = byId(undefined);
const visibleById = byId(sql.placeholder('readerId'));

async function findIn(db: Db, name: EntityName, readerId: number | undefined) {
  const [row] = await ('code' in name
    ? db
        .select(ENTITY)
        .from(entities)
        .where(sql`${isNamed(name)} AND ${isVisibleTo(readerId)}`)
    : readerId === undefined
      ? publicById(db, { id: name.id })
      : visibleById(db, { id: name.id, readerId }));
  return row && entityFrom(row);
}

function mayWrite(name: EntityName, expected: Expected, { accountId }: Writer): SQL {
  const held = sql`${isNamed(name)} AND ${isHeldBy(accountId)}`;
  return expected === 'any'
    ? held
    : sql`${held} AND ${entities.version} IN (SELECT value FROM json_each(${JSON.stringify(expected)}))`;
}

/** How a writer stands to an entity, asked in the batch of a write in case it does nothing. */
const standing = (db: Db, name: EntityName, { accountId }: Writer) =>
  db
    .select({
      active: sql<number>`${isActive(accountId)}`.as('active'),
      visible: sql<number>`EXISTS (SELECT 1 FROM ${entities} WHERE ${isNamed(name)} AND ${isVisibleTo(accountId)})`.as(
        'visible',
      ),
      held: sql<number>`EXISTS (SELECT 1 FROM ${entities} WHERE ${isNamed(name)} AND ${isHeldBy(accountId)})`.as(
        'held',
      ),
    })
    .from(sql`(SELECT 1)`);

function whyNot(
  found: { readonly active: number; readonly visible: number; readonly held: number } | undefined,
): WriteRefusal {
  if (!found?.active) return refuse('token_revoked');
  if (!found.visible) return refuse('entity_not_found');
  return refuse(found.held ? 'precondition_failed' : 'forbidden');
}

/** Runs a write and words the unique index it ran into. */
async function orCodeTaken<T>(write: Promise<T>): Promise<T | Refusal<'code_taken'>> {
  try {
    return await write;
  } catch (error) {
    if (violatedUnique(error) === 'entities.code') return refuse('code_taken');
    throw error;
  }
}
