// A search reads the entities of its rarest word in the order of their ids, at most so many a page, and shows those that have the others.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity } from '../../domain/entities/entity.ts';
import type { EntityQuery } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { matches } from './conditions.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';

/** Entities looked at for one page. Where too few of them match, the page is short and the next one goes on from there. */
export const LOOKED_AT = 500;

/** Public words are on shelf 0, an account's own on the shelf of its id, all private ones on that of the admins. See drizzle/0002. */
const ownShelf = (readerId: number | undefined): SQL =>
  readerId === undefined
    ? sql`NULL`
    : sql`(SELECT iif(role = 'admin', -1, accounts.id) FROM accounts WHERE accounts.id = ${readerId} AND active = 1)`;

const shelves = (readerId: number | undefined): readonly SQL[] =>
  readerId === undefined ? [sql`0`] : [sql`0`, ownShelf(readerId)];

/** Whether the entity with this id has all of the words where the reader may find them. */
export function hasWords(words: readonly string[], id: SQL, readerId: number | undefined): SQL {
  const found = words.map(
    (word) =>
      sql`EXISTS (SELECT 1 FROM entity_words WHERE word = ${word} AND shelf IN (${sql.join([...shelves(readerId)], sql`, `)}) AND entity_id = ${id})`,
  );
  return found.length === 0 ? sql`1` : sql.join(found, sql` AND `);
}

interface Search {
  readonly query: EntityQuery;
  readonly words: readonly string[];
  readonly readerId: number | undefined;
}

export function searchEntities(
  db: Db,
  query: EntityQuery,
  words: readonly string[],
  readerId: number | undefined,
): Promise<Page<Entity>> {
  const { type, ownerId, minQuantity, maxQuantity } = query;
  const filtered = [type, ownerId, minQuantity, maxQuantity].some((filter) => filter !== undefined);
  const [word] = words;
  return words.length === 1 && word !== undefined && !filtered
    ? searchOne(db, word, { query, words, readerId })
    : searchSome(db, { query, words, readerId });
}

/** One word alone needs no looking around: the index is the answer. */
async function searchOne(db: Db, word: string, { query, readerId }: Search): Promise<Page<Entity>> {
  const arms = shelves(readerId).map(
    (shelf) => sql`SELECT ${LISTED}, entity_id FROM entity_words CROSS JOIN entities ON entities.id = entity_id
      WHERE word = ${word} AND shelf = ${shelf} AND ${isBehind(query)}`,
  );
  const rows = await db.all<ListedRow>(
    sql`${sql.join(arms, sql` UNION ALL `)} ORDER BY entity_id ${direction(query)} LIMIT ${query.limit + 1}`,
  );
  const { items, next } = pageOf(rows, query.limit, ({ id }) => String(id));
  return { items: items.map(listedFrom), next };
}

/** How far a page looked: how many entities, and up to which id. */
interface Looked {
  readonly looked_at: number;
  readonly looked_up_to: number | null;
}

async function searchSome(db: Db, search: Search): Promise<Page<Entity>> {
  const { limit } = search.query;
  const rows = await db.all<Looked & { readonly [K in keyof ListedRow]: ListedRow[K] | null }>(statement(search));
  const found = rows.filter((row): row is Looked & ListedRow => row.id !== null);
  const { items, next } = pageOf(found, limit, ({ id }) => String(id));
  const [looked] = rows;
  const goesOn = looked && looked.looked_at === LOOKED_AT ? String(looked.looked_up_to) : undefined;
  return { items: items.map(listedFrom), next: next ?? goesOn };
}

/** Always at least one row, which says how far it looked. */
function statement({ query, words, readerId }: Search): SQL {
  const rarest = sql`(SELECT word FROM rarest)`;
  const candidates = [sql`0`, sql`(SELECT shelf FROM own)`].map(
    (shelf) =>
      sql`SELECT entity_id FROM entity_words WHERE word = ${rarest} AND shelf = ${shelf} AND ${isBehind(query)}`,
  );
  const edge = sql.raw(query.sort.descending ? 'min' : 'max');
  return sql`WITH own AS MATERIALIZED (SELECT ${ownShelf(readerId)} AS shelf),
    rarest AS MATERIALIZED (SELECT value AS word FROM json_each(${JSON.stringify(words)}) ORDER BY ${howMany(sql`0`)} + ${howMany(sql`(SELECT shelf FROM own)`)} LIMIT 1),
    seen AS MATERIALIZED (${sql.join(candidates, sql` UNION ALL `)} ORDER BY entity_id ${direction(query)} LIMIT ${LOOKED_AT}),
    looked AS MATERIALIZED (SELECT count(*) AS looked_at, ${edge}(entity_id) AS looked_up_to FROM seen),
    found AS MATERIALIZED (SELECT ${LISTED} FROM seen CROSS JOIN entities ON entities.id = seen.entity_id
      WHERE ${hasWords(words, sql`seen.entity_id`, readerId)} AND ${matches(query)}
      ORDER BY seen.entity_id ${direction(query)} LIMIT ${query.limit + 1})
    SELECT looked.*, found.* FROM looked LEFT JOIN found ON 1 ORDER BY found.id ${direction(query)}`;
}

/** How many entities have the word `value` on a shelf, counted no further than matters. */
const howMany = (shelf: SQL): SQL =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM entity_words WHERE word = value AND shelf = ${shelf} LIMIT ${LOOKED_AT}))`;

const isBehind = ({ sort, after }: EntityQuery): SQL =>
  after === undefined ? sql`1` : sql`entity_id ${sql.raw(sort.descending ? '<' : '>')} ${Number(after)}`;

const direction = ({ sort }: EntityQuery): SQL => sql.raw(sort.descending ? 'DESC' : 'ASC');
