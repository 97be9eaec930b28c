// New entities in D1: the owner's quota is a condition of the insert.
import { type SQL, sql } from 'drizzle-orm';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { Entity, NewEntity } from '../../domain/entities/entity.ts';
import { entityTerms } from '../../domain/entities/search-terms.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { type AnyAuthority, actsAsAdmin, holds, type Value } from '../accounts/conditions.ts';
import type { Db } from '../d1/database.ts';
import { definedOf, prepareForms } from '../d1/prepared.ts';
import { entities } from '../d1/schema/entities.ts';
import { ENTITY, type ListedRow, listedFrom } from './row.ts';

export type NotCreated = Refusal<'token_revoked' | 'quota_exceeded'>;

const inserted = prepareForms<Omit<ListedRow, 'seq'>>();

/** Throws where the code is taken: the unique index decides. */
export async function addEntity(
  db: Db,
  entity: NewEntity,
  quota: number,
  audit: AuthorizedContext,
): Promise<Entity | NotCreated> {
  const { actorId, authority, now } = audit;
  const { sessionId, role, atMost, proven: { since, factors } = {} } = authority;
  const proof = definedOf({ sessionId: sessionId ?? undefined, since });
  const values = { ...columnsOf(entity), actorId, now, quota, ...proof };
  const form = [role, atMost, factors, ...Object.keys(values)].join();
  const [row] = await inserted(db, form, values, (it, builder) => {
    const proven = { ...authority.proven, ...(it.since ? { since: it.since } : {}) };
    const acting = { ...authority, accountId: it.actorId, sessionId: it.sessionId ?? null, proven };
    const condition = mayCreate(sql`owner.owned`, it.quota, acting, it.now);
    return insertEntity(builder, it, it.actorId, it.now, condition);
  });
  return row ? listedFrom(row) : refuseCreation(db, audit);
}

/** The authority holds, and its account, which owns `owned` entities, may own more or is an admin. */
export const mayCreate = (owned: SQL, quota: Value, authority: AnyAuthority, now: Value): SQL =>
  sql`${holds(authority, now)} AND (${owned} < ${quota} OR ${actsAsAdmin(authority)})`;

/** Why nothing was inserted: asked only then, so that an entity within the quota costs no second query. */
export async function refuseCreation(db: Db, { authority, now }: AuthorizedContext): Promise<NotCreated> {
  const [row] = await db.select({ holds: sql<number>`${holds(authority, now)}`.as('holds') }).from(sql`(SELECT 1)`);
  return refuse(row?.holds ? 'quota_exceeded' : 'token_revoked');
}

/**
 * How many entities an account owns, as its newest one stores it. A separate counter would be one more row to write for
 * each entity, and counting would read them all.
 */
export function ownedBy(accountId: Value): SQL {
  const newest = (isPrivate: '0' | '1') =>
    sql`SELECT max(id) AS id FROM entities WHERE owner_id = ${accountId} AND private = ${sql.raw(isPrivate)}`;
  const newestOfBoth = sql`SELECT max(id) FROM (${newest('0')} UNION ALL ${newest('1')})`;
  return sql`coalesce((SELECT newest.owned FROM entities AS newest WHERE newest.id = (${newestOfBoth})), 0)`;
}

/** The time of a creation, which never falls as ids rise, even if a clock does. */
export const createdAt = (now: Value): SQL =>
  sql`max(${now}, coalesce((SELECT created_at FROM entities ORDER BY id DESC LIMIT 1), 0))`;

/** The columns of a new entity that are its own. */
export const columnsOf = (entity: NewEntity) => ({
  code: entity.code,
  type: entity.type,
  quantity: entity.quantity,
  attributes: JSON.stringify(entity.attributes),
  isPrivate: entity.visibility === 'private' ? 1 : 0,
  terms: JSON.stringify(entityTerms(entity)),
});

type Columns = { readonly [K in keyof ReturnType<typeof columnsOf>]?: string | Value };

/** Inserts the entity where the condition holds, which may use `owner.owned`. */
export function insertEntity(db: Db, columns: Columns, actorId: Value, now: Value, condition: SQL) {
  const { code, type, quantity, attributes, isPrivate, terms } = columns;
  return db
    .insert(entities)
    .select(
      sql`SELECT NULL, ${code}, ${type}, ${quantity}, ${attributes}, ${isPrivate},
        ${actorId}, 1, ${createdAt(now)}, ${createdAt(now)}, ${terms}, owner.owned + 1
        FROM (SELECT ${ownedBy(actorId)} AS owned) AS owner WHERE ${condition}`,
    )
    .returning(ENTITY);
}
