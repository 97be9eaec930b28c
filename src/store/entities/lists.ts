// Lists of entities: each is one to three scans of an index from where the last page ended, merged by SQLite as they are read.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity } from '../../domain/entities/entity.ts';
import type { EntityFilters, EntityQuery, Sort, SortKey } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { isVisibleTo, matches } from './conditions.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';
import { hasWords, searchEntities } from './search.ts';

/** `created_at` never falls as ids rise, so the order of ids is its order. */
const SORT_COLUMNS = {
  id: ['id'],
  created_at: ['id'],
  code: ['code'],
  quantity: ['quantity', 'seq'],
  updated_at: ['updated_at', 'seq'],
} as const;

type IndexBySort = Partial<Record<SortKey, string>>;

const OF_ALL: IndexBySort = {
  id: 'entities_by_id',
  created_at: 'entities_by_id',
  code: 'entities_by_code',
  quantity: 'entities_by_quantity',
  updated_at: 'entities_by_updated_at',
};
const OF_A_TYPE: IndexBySort = {
  id: 'entities_by_type',
  created_at: 'entities_by_type',
  quantity: 'entities_by_type_and_quantity',
};
const OF_AN_OWNER: IndexBySort = {
  id: 'entities_of_owner',
  created_at: 'entities_of_owner',
  code: 'entities_of_owner_by_code',
  quantity: 'entities_of_owner_by_quantity',
  updated_at: 'entities_of_owner_by_updated_at',
};
const OF_AN_OWNER_AND_TYPE: IndexBySort = {
  id: 'entities_of_owner_by_type',
  created_at: 'entities_of_owner_by_type',
  quantity: 'entities_of_owner_by_type_and_quantity',
};

/** A page of what the reader may see. The query is one that domain/entities/query.ts lets through. */
export async function listEntities(db: Db, query: EntityQuery, readerId: number | undefined): Promise<Page<Entity>> {
  if (query.code === undefined && query.words) return searchEntities(db, query, query.words, readerId);
  const statement = query.code === undefined ? merged(query, readerId) : theOne(query, query.code, readerId);
  const rows = await db.all<ListedRow>(statement);
  const columns = SORT_COLUMNS[query.sort.key];
  const { items, next } = pageOf(rows, query.limit, (row) => JSON.stringify(columns.map((column) => row[column])));
  return { items: items.map(listedFrom), next };
}

/** A code finds at most one, and whatever else is asked for only says whether it is shown. */
const theOne = (query: EntityQuery, code: string, readerId: number | undefined): SQL =>
  sql`SELECT ${LISTED} FROM entities INDEXED BY entities_code
    WHERE code = ${code} AND ${isVisibleTo(readerId)} AND ${matches(query)} AND ${hasWords(query.words ?? [], sql`entities.id`, readerId)}`;

function merged(query: EntityQuery, readerId: number | undefined): SQL {
  const among = sql`${matches({ ...query, ownerId: undefined, ...passedBound(query) })} AND ${isBehind(query)}`;
  const scans = (query.ownerId === undefined ? scansOfAll : scansOfOwner)(query, readerId);
  const arms = scans.map(
    ({ index, where }) => sql`SELECT ${LISTED} FROM entities INDEXED BY ${sql.raw(index)} WHERE ${where} AND ${among}`,
  );
  return sql`${sql.join(arms, sql` UNION ALL `)} ORDER BY ${orderOf(query.sort)} LIMIT ${query.limit + 1}`;
}

interface Scan {
  readonly index: string;
  readonly where: SQL;
}

/** The public ones; the reader's own private ones; and for an admin, instead of those, all private ones. An account that is neither finds NULL. */
function scansOfAll({ type, sort }: EntityQuery, readerId: number | undefined): readonly Scan[] {
  const index = indexFor(type === undefined ? OF_ALL : OF_A_TYPE, sort);
  const everybodys = { index, where: sql`private = 0` };
  if (readerId === undefined) return [everybodys];
  const reader = sql`FROM accounts WHERE accounts.id = ${readerId} AND active = 1 AND role`;
  return [
    everybodys,
    {
      index: indexFor(type === undefined ? OF_AN_OWNER : OF_AN_OWNER_AND_TYPE, sort),
      where: sql`private = 1 AND owner_id = (SELECT accounts.id ${reader} = 'user')`,
    },
    { index, where: sql`private = (SELECT 1 ${reader} = 'admin')` },
  ];
}

/** The owner's public ones, and the private ones for the owner or an admin. */
function scansOfOwner({ type, sort, ownerId }: EntityQuery, readerId: number | undefined): readonly Scan[] {
  const index = indexFor(type === undefined ? OF_AN_OWNER : OF_AN_OWNER_AND_TYPE, sort);
  const everybodys = { index, where: sql`owner_id = ${ownerId} AND private = 0` };
  if (readerId === undefined) return [everybodys];
  const owner = sql`(SELECT ${ownerId} FROM accounts WHERE accounts.id = ${readerId} AND active = 1 AND (accounts.id = ${ownerId} OR role = 'admin'))`;
  return [everybodys, { index, where: sql`private = 1 AND owner_id = ${owner}` }];
}

function indexFor(indexes: IndexBySort, { key }: Sort): string {
  const index = indexes[key];
  if (!index) throw new Error(`no index for a sort by ${key}`);
  return index;
}

/** A bound that the position is past already; SQLite would start from it and read everything in between again. */
const passedBound = ({ sort, after }: EntityQuery): EntityFilters =>
  after === undefined || sort.key !== 'quantity'
    ? {}
    : sort.descending
      ? { maxQuantity: undefined }
      : { minQuantity: undefined };

/** Whether a row comes after the position that the page before ended at. */
function isBehind({ sort, after }: EntityQuery): SQL {
  if (after === undefined) return sql`1`;
  const columns = SORT_COLUMNS[sort.key].map((column) => sql.raw(column));
  const position = (JSON.parse(after) as readonly (string | number)[]).map((value) => sql`${value}`); // ours, or its seal would not have opened
  return sql`(${sql.join(columns, sql`, `)}) ${sql.raw(sort.descending ? '<' : '>')} (${sql.join(position, sql`, `)})`;
}

const orderOf = ({ key, descending }: Sort): SQL =>
  sql.raw(SORT_COLUMNS[key].map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', '));
