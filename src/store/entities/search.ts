// Search in D1: the entities of the rarest term, in the order of their ids, of which those with the other terms are
// shown.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { matches } from './conditions.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';

/** Candidates that are scanned for one page. Where too few of them match, the page is short and the next continues. */
export const MAX_CANDIDATES = 500;

/**
 * The audience of a term (column `shelf`, see drizzle/0002): 0 for a public entity, and for a private one its owner's
 * id and −1 for admins. A reader searches audience 0 and one other.
 */
const ownAudience = (reader: Reader | undefined): SQL =>
  reader === undefined
    ? sql`NULL`
    : sql`(SELECT ${reader.atMost === 'user' ? sql`accounts.id` : sql`iif(role = 'admin', -1, accounts.id)`} FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1)`;

const audiences = (reader: Reader | undefined): readonly SQL[] =>
  reader === undefined ? [sql`0`] : [sql`0`, ownAudience(reader)];

/** The entity with this id has all of the terms where the reader may find them. */
export function hasTerms(terms: readonly string[], id: SQL, reader: Reader | undefined): SQL {
  const audience = sql`shelf IN (${sql.join([...audiences(reader)], sql`, `)})`;
  const found = terms.map(
    (term) => sql`EXISTS (SELECT 1 FROM entity_words WHERE word = ${term} AND ${audience} AND entity_id = ${id})`,
  );
  return found.length === 0 ? sql`1` : sql.join(found, sql` AND `);
}

interface Search {
  readonly query: EntityQuery;
  readonly terms: readonly string[];
  readonly reader: Reader | undefined;
}

export function searchEntities(
  db: Db,
  query: EntityQuery,
  terms: readonly string[],
  reader: Reader | undefined,
): Promise<Page<Entity>> {
  const { type, ownerId, minQuantity, maxQuantity } = query;
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
      WHERE word = ${term} AND shelf = ${audience} AND ${isAfterId(query)}`,
  );
  const rows = await db.all<ListedRow>(
    sql`${sql.join(arms, sql` UNION ALL `)} ORDER BY entity_id ${direction(query)} LIMIT ${query.limit + 1}`,
  );
  const { items, next } = pageOf(rows, query.limit, ({ id }) => String(id));
  return { items: items.map(listedFrom), next };
}

/** How many candidates were scanned, and up to which id. */
interface Scanned {
  readonly scanned: number;
  readonly scanned_to: number | null;
}

async function searchCandidates(db: Db, search: Search): Promise<Page<Entity>> {
  const { limit } = search.query;
  const rows = await db.all<Scanned & { readonly [K in keyof ListedRow]: ListedRow[K] | null }>(statementOf(search));
  const found = rows.filter((row): row is Scanned & ListedRow => row.id !== null);
  const { items, next } = pageOf(found, limit, ({ id }) => String(id));
  const [first] = rows;
  const continues = first?.scanned === MAX_CANDIDATES ? String(first.scanned_to) : undefined;
  return { items: items.map(listedFrom), next: next ?? continues };
}

/** Returns at least one row, which tells how far the scan went. */
function statementOf({ query, terms, reader }: Search): SQL {
  const own = sql`(SELECT shelf FROM own)`;
  const candidates = [sql`0`, own].map(
    (audience) => sql`SELECT entity_id FROM entity_words
      WHERE word = (SELECT word FROM rarest) AND shelf = ${audience} AND ${isAfterId(query)}`,
  );
  const furthest = sql.raw(query.sort.descending ? 'min' : 'max');
  const order = direction(query);
  return sql`WITH own AS MATERIALIZED (SELECT ${ownAudience(reader)} AS shelf),
    rarest AS MATERIALIZED (SELECT value AS word FROM json_each(${JSON.stringify(terms)})
      ORDER BY ${candidateCount(sql`0`)} + ${candidateCount(own)} LIMIT 1),
    candidates AS MATERIALIZED (${sql.join(candidates, sql` UNION ALL `)}
      ORDER BY entity_id ${order} LIMIT ${MAX_CANDIDATES}),
    progress AS MATERIALIZED (SELECT count(*) AS scanned, ${furthest}(entity_id) AS scanned_to FROM candidates),
    found AS MATERIALIZED (SELECT ${LISTED} FROM candidates CROSS JOIN entities ON entities.id = candidates.entity_id
      WHERE ${hasTerms(terms, sql`candidates.entity_id`, reader)} AND ${matches(query)}
      ORDER BY candidates.entity_id ${order} LIMIT ${query.limit + 1})
    SELECT progress.*, found.* FROM progress LEFT JOIN found ON 1 ORDER BY found.id ${order}`;
}

/** The entities that have the term `value` for an audience, counted up to the limit. */
const candidateCount = (audience: SQL): SQL => sql`(SELECT count(*) FROM (
  SELECT 1 FROM entity_words WHERE word = value AND shelf = ${audience} LIMIT ${MAX_CANDIDATES}))`;

const isAfterId = ({ sort, after }: EntityQuery): SQL =>
  after === undefined ? sql`1` : sql`entity_id ${sql.raw(sort.descending ? '<' : '>')} ${Number(after)}`;

const direction = ({ sort }: EntityQuery): SQL => sql.raw(sort.descending ? 'DESC' : 'ASC');
