// Lists of entities: where an index has the filters and the order, a page reads what it answers and nothing else.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { listFiltered } from './candidates.ts';
import { isVisibleTo, matches } from './conditions.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';
import { boundsOf, isAfterPosition, merged, positionOf, scansOf } from './scans.ts';
import { searchEntities } from './search.ts';
import { hasTerms } from './words.ts';

/** A page of the entities that the reader may see. */
export function listEntities(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  if (query.code !== undefined) return pageOfRows(db, query, byCode(query, query.code, reader));
  if (query.terms) return searchEntities(db, query, query.terms, reader);
  return isIndexed(query) ? pageOfRows(db, query, byIndex(query, reader)) : listFiltered(db, query, reader);
}

/** Whether one index has all filters and the order: a range of quantities only in their order, an owner without a type. */
const isIndexed = ({ type, ownerId, minQuantity, maxQuantity, sort }: EntityQuery): boolean =>
  (type === undefined || ownerId === undefined) &&
  ((minQuantity === undefined && maxQuantity === undefined) || sort.key === 'quantity');

async function pageOfRows(db: Db, query: EntityQuery, statement: SQL): Promise<Page<Entity>> {
  const rows = await db.all<ListedRow>(statement);
  const { items, next } = pageOf(rows, query.limit, (row) => positionOf(row, query.sort));
  return { items: items.map(listedFrom), next };
}

/** A code finds at most one entity; the other filters decide whether it is shown. */
const byCode = (query: EntityQuery, code: string, reader: Reader | undefined): SQL =>
  sql`SELECT ${LISTED} FROM entities INDEXED BY entities_code WHERE code = ${code} AND ${isVisibleTo(reader)}
    AND ${matches(query, 'entities')} AND ${hasTerms(query.terms ?? [])}`;

function byIndex(query: EntityQuery, reader: Reader | undefined): SQL {
  const among = sql`${matches(boundsOf(query), 'entities')} AND ${isAfterPosition(query)}`;
  return sql`${merged(scansOf(query, reader), LISTED, among, query.sort)} LIMIT ${query.limit + 1}`;
}
