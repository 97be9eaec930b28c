// Search in D1: the entities of the rarest term, in the order of their ids, of which those with the other terms are
// shown. In another order, all of them are read where they are few; else a scan in that order finds the matches.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { listFiltered } from './candidates.ts';
import { isNotDeleted, matches } from './conditions.ts';
import { listFew } from './few.ts';
import { positionOf } from './order.ts';
import { isFound, LISTED, type ListedRow, listedFrom, type NullableRow } from './row.ts';
import { audiences, hasTerms, isIndexed, MAX_CANDIDATES, rarestOf, withRarest } from './words.ts';

interface Search {
  readonly query: EntityQuery;
  readonly terms: readonly string[];
  readonly reader: Reader | undefined;
}

export async function searchEntities(
  db: Db,
  query: EntityQuery,
  terms: readonly string[],
  reader: Reader | undefined,
): Promise<Page<Entity>> {
  const { type, ownerId, minQuantity, maxQuantity, sort } = query;
  if (sort.key !== 'id' && sort.key !== 'created_at')
    return (await listFew(db, 'terms', query, reader)) ?? listFiltered(db, query, reader);
  const isFiltered = [type, ownerId, minQuantity, maxQuantity].some((filter) => filter !== undefined);
  const [term] = terms;
  return terms.length === 1 && term !== undefined && !isFiltered
    ? searchByTerm(db, term, { query, terms, reader })
    : searchCandidates(db, { query, terms, reader });
}

/** One term and no filter: the index itself is the answer. */
async function searchByTerm(db: Db, term: string, { query, reader }: Search): Promise<Page<Entity>> {
  const arms = audiences(reader).map(
    (audience) => sql`SELECT ${LISTED}, entity_id FROM entity_words CROSS JOIN entities ON entities.id = entity_id
      WHERE word = ${term} AND shelf = ${audience} AND ${isAfterId(query)} AND ${isNotDeleted}
        AND ${isIndexed(sql`entities.id`)}`,
  );
  const rows = await db.all<ListedRow>(
    sql`${sql.join(arms, sql` UNION ALL `)} ORDER BY entity_id ${direction(query)} LIMIT ${query.limit + 1}`,
  );
  const { items, next } = pageOf(rows, query.limit, (row) => positionOf(row, query.sort));
  return { items: items.map(listedFrom), next };
}

/** How many candidates were scanned, and up to which id. */
interface Scanned {
  readonly scanned: number;
  readonly scanned_to: number | null;
}

async function searchCandidates(db: Db, search: Search): Promise<Page<Entity>> {
  const { limit, sort } = search.query;
  const rows = await db.all<Scanned & NullableRow>(statementOf(search));
  const { items, next } = pageOf<ListedRow>(rows.filter(isFound), limit, (row) => positionOf(row, sort));
  const [first] = rows;
  const continues = first?.scanned === MAX_CANDIDATES ? JSON.stringify([first.scanned_to]) : undefined;
  return { items: items.map(listedFrom), next: next ?? continues };
}

/** Returns at least one row, which tells how far the scan went. */
function statementOf({ query, terms, reader }: Search): SQL {
  const furthest = sql.raw(query.sort.descending ? 'min' : 'max');
  const order = direction(query);
  return sql`WITH ${rarestOf(terms, reader)},
    candidates AS MATERIALIZED (${withRarest(isAfterId(query))} ORDER BY entity_id ${order} LIMIT ${MAX_CANDIDATES}),
    progress AS MATERIALIZED (SELECT count(*) AS scanned, ${furthest}(entity_id) AS scanned_to FROM candidates),
    found AS MATERIALIZED (SELECT ${LISTED} FROM candidates CROSS JOIN entities ON entities.id = candidates.entity_id
      WHERE ${hasTerms(terms)} AND ${matches(query, 'entities')} AND ${isNotDeleted}
      ORDER BY candidates.entity_id ${order} LIMIT ${query.limit + 1})
    SELECT progress.*, found.* FROM progress LEFT JOIN found ON 1 ORDER BY found.id ${order}`;
}

const isAfterId = ({ sort, after }: EntityQuery): SQL => {
  if (after === undefined) return sql`1`;
  const [id] = JSON.parse(after) as readonly [number]; // signed by us
  return sql`entity_id ${sql.raw(sort.descending ? '<' : '>')} ${id}`;
};

const direction = ({ sort }: EntityQuery): SQL => sql.raw(sort.descending ? 'DESC' : 'ASC');
