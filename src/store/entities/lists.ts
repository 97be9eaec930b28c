// Lists of entities: where an index has the filters and the order, a page reads only the rows that it answers.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery, Sort } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { definedOf, prepareForms } from '../d1/prepared.ts';
import { listFiltered } from './candidates.ts';
import { type AnyFilters, isVisibleTo, matches } from './conditions.ts';
import { boundsOf, isAfter, positionAfter, positionOf } from './order.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';
import { merged, scansOf } from './scans.ts';
import { searchEntities } from './search.ts';
import { hasTerms } from './words.ts';

/** A page of the entities that the reader may see. */
export function listEntities(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  if (query.code !== undefined) return listByCode(db, query, query.code, reader);
  if (query.terms) return searchEntities(db, query, query.terms, reader);
  return isIndexed(query) ? listByIndex(db, query, reader) : listFiltered(db, query, reader);
}

/**
 * Whether one index has all filters and the order: a range of quantities only in their order, an owner without a type.
 */
const isIndexed = ({ type, ownerId, minQuantity, maxQuantity, sort }: EntityQuery): boolean =>
  (type === undefined || ownerId === undefined) &&
  ((minQuantity === undefined && maxQuantity === undefined) || sort.key === 'quantity');

function pageOfRows(rows: readonly ListedRow[], { limit, sort }: EntityQuery): Page<Entity> {
  const { items, next } = pageOf(rows, limit, (row) => positionOf(row, sort));
  return { items: items.map(listedFrom), next };
}

/** A code finds at most one entity; the other filters decide whether it is shown. */
async function listByCode(db: Db, query: EntityQuery, code: string, reader: Reader | undefined): Promise<Page<Entity>> {
  const rows = await db.all<ListedRow>(
    sql`SELECT ${LISTED} FROM entities INDEXED BY entities_code WHERE code = ${code} AND ${isVisibleTo(reader)}
      AND ${matches(query, 'entities')} AND ${hasTerms(query.terms ?? [])}`,
  );
  return pageOfRows(rows, query);
}

const byIndex = prepareForms<ListedRow>();

/** Lists of one form share a statement: building it took longer than D1 took to answer it. */
async function listByIndex(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  const { type, ownerId, minQuantity, maxQuantity, sort, limit } = query;
  const [first, second] = positionAfter(query.after) ?? [];
  const given = { type, ownerId, minQuantity, maxQuantity, readerId: reader?.accountId, first, second };
  const values = definedOf({ ...given, limit: limit + 1 });
  const form = [sort.key, sort.descending, reader?.atMost, ...Object.keys(values)].join();
  const rows = await byIndex(db, form, values, (it) => statementOf(it, sort, reader));
  return pageOfRows(rows, query);
}

interface IndexedQuery extends AnyFilters {
  readonly readerId?: Placeholder;
  /** The position that the page starts after. */
  readonly first?: Placeholder;
  readonly second?: Placeholder;
  readonly limit?: Placeholder;
}

function statementOf(query: IndexedQuery, sort: Sort, reader: Reader | undefined): SQL {
  const { readerId, first, second, limit } = query;
  const position = first && (second ? [first, second] : [first]);
  const among = sql`${matches(boundsOf(query, sort, position), 'entities')} AND ${isAfter(position, sort)}`;
  const scans = scansOf({ ...query, sort }, readerId && { ...reader, accountId: readerId });
  return sql`${merged(scans, LISTED, among, sort)} LIMIT ${limit}`;
}
