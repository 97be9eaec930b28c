// Lists of few entities: where a filter lets few through, all of them are read and sorted, so that a page is full.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { isNotDeleted, matches } from './conditions.ts';
import { isAfter, orderOf, positionAfter, positionOf } from './order.ts';
import { isFound, LISTED, type ListedRow, listedFrom, type NullableRow } from './row.ts';
import { rowsOf, scansOf } from './scans.ts';
import { hasTerms, MAX_CANDIDATES, rarestOf, withRarest } from './words.ts';

type FewOf = (query: EntityQuery, reader: Reader | undefined) => SQL | undefined;

/** Statements whose ids include those of all matching entities. */
const FEW_OF = {
  /** Entities that have the rarest term. */
  terms: ({ terms }, reader) =>
    terms && sql`WITH ${rarestOf(terms, reader)} SELECT entity_id AS id FROM (${withRarest(sql`1`)})`,

  /** Entities in the range of quantities; without a range, entities of the type. */
  filters({ type, ownerId, minQuantity, maxQuantity }, reader) {
    const hasRange = minQuantity !== undefined || maxQuantity !== undefined;
    const sort = { key: hasRange ? 'quantity' : 'id', descending: false } as const;
    const scans = scansOf({ type, ownerId: hasRange ? ownerId : undefined, sort }, reader);
    const isBounded = hasRange || type !== undefined;
    return isBounded ? rowsOf(scans, sql.raw('id'), matches({ minQuantity, maxQuantity }, 'entities')) : undefined;
  },
} as const satisfies Readonly<Record<string, FewOf>>;

/** A page of those that match, if a filter lets no more than `MAX_CANDIDATES` through; else undefined. */
export async function listFew(
  db: Db,
  filter: keyof typeof FEW_OF,
  query: EntityQuery,
  reader: Reader | undefined,
): Promise<Page<Entity> | undefined> {
  const few = FEW_OF[filter](query, reader);
  if (!few) return undefined;
  const { sort, limit, terms = [] } = query;
  const matching = sql`${matches(query, 'entities')} AND ${hasTerms(terms)}
    AND ${isNotDeleted} AND ${isAfter(positionAfter(query.after), sort)}`;
  const rows = await db.all<NullableRow & { readonly size: number }>(
    sql`WITH few AS MATERIALIZED (SELECT * FROM (${few}) LIMIT ${MAX_CANDIDATES + 1}),
      size AS MATERIALIZED (SELECT count(*) AS size FROM few),
      found AS MATERIALIZED (SELECT ${LISTED} FROM few CROSS JOIN entities ON entities.id = few.id
        WHERE (SELECT size FROM size) <= ${MAX_CANDIDATES} AND ${matching}
        ORDER BY ${orderOf(sort, 'entities')} LIMIT ${limit + 1})
      SELECT size.size, found.* FROM size LEFT JOIN found ON 1 ORDER BY ${orderOf(sort, 'found')}`,
  );
  if ((rows[0]?.size ?? 0) > MAX_CANDIDATES) return undefined;
  const { items, next } = pageOf<ListedRow>(rows.filter(isFound), limit, (row) => positionOf(row, sort));
  return { items: items.map(listedFrom), next };
}
