// Lists for which no index has all filters and the order: a bounded number of candidates is read for each page.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { matches } from './conditions.ts';
import { listFew } from './few.ts';
import { boundsOf, isAfter, orderOf, positionAfter, positionIn, positionOf } from './order.ts';
import { isFound, LISTED, LISTED_COLUMNS, type ListedRow, listedFrom, type NullableRow } from './row.ts';
import { merged, scansOf } from './scans.ts';
import { hasTerms, MAX_CANDIDATES } from './words.ts';

/** Usually enough candidates match to fill a page; where they do not, one of the filters may match few entities. */
export async function listFiltered(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  const page = await listCandidates(db, query, reader);
  const isShort = page.items.length < query.limit && page.next !== undefined;
  return (isShort && (await listFew(db, 'filters', query, reader))) || page;
}

/** A page of the matches among the next `MAX_CANDIDATES` in the order of the list: short where few match. */
async function listCandidates(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  const { limit, sort } = query;
  const rows = await db.all<NullableRow & { readonly position: string | null }>(candidatesOf(query, reader));
  const { items, next } = pageOf<ListedRow>(rows.filter(isFound), limit, (row) => positionOf(row, sort));
  const last = rows.find((row) => !isFound(row));
  return { items: items.map(listedFrom), next: next ?? last?.position ?? undefined };
}

/** The columns that filters and orders need: the others are read only of the entities of the page. */
const CANDIDATE = sql.raw('entities.id, code, type, quantity, updated_at, seq');

/** Stops at a full page. Where candidates run out before, one more row has the position of the last of them. */
function candidatesOf(query: EntityQuery, reader: Reader | undefined): SQL {
  const { type, minQuantity, maxQuantity, terms = [], sort, limit } = query;
  const position = positionAfter(query.after);
  const among = sql`${matches(boundsOf(query, sort, position), 'entities')} AND ${isAfter(position, sort)}`;
  const candidates = merged(scansOf(query, reader), CANDIDATE, among, sort);
  const matching = sql`${matches({ type, minQuantity, maxQuantity }, 'candidate')}
    AND ${hasTerms(terms)}`;
  return sql`SELECT * FROM (SELECT ${LISTED}, NULL AS position
      FROM (${candidates} LIMIT ${MAX_CANDIDATES}) AS candidate CROSS JOIN entities ON entities.id = candidate.id
      WHERE ${matching} ORDER BY ${orderOf(sort, 'candidate')} LIMIT ${limit + 1})
    UNION ALL SELECT ${NO_ENTITY}, ${positionIn(sort, 'last')}
      FROM (${candidates} LIMIT 1 OFFSET ${MAX_CANDIDATES - 1}) AS last
    LIMIT ${limit + 1}`;
}

const NO_ENTITY = sql.raw(LISTED_COLUMNS.map(() => 'NULL').join(', '));
