// Lists of entities: one to three index scans from where the last page ended, which SQLite merges as it reads them.
import { type SQL, sql } from 'drizzle-orm';
import type { Entity, Reader } from '../../domain/entities/entity.ts';
import type { EntityFilters, EntityQuery, Sort, SortKey } from '../../domain/entities/query.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { isVisibleTo, matches } from './conditions.ts';
import { LISTED, type ListedRow, listedFrom } from './row.ts';
import { hasTerms, searchEntities } from './search.ts';

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

/**
 * A page of the entities that the reader may see. domain/entities/query.ts has refused every query without an index.
 */
export async function listEntities(db: Db, query: EntityQuery, reader: Reader | undefined): Promise<Page<Entity>> {
  if (query.code === undefined && query.terms) return searchEntities(db, query, query.terms, reader);
  const statement = query.code === undefined ? merged(query, reader) : byCode(query, query.code, reader);
  const rows = await db.all<ListedRow>(statement);
  const columns = SORT_COLUMNS[query.sort.key];
  const { items, next } = pageOf(rows, query.limit, (row) => JSON.stringify(columns.map((column) => row[column])));
  return { items: items.map(listedFrom), next };
}

/** A code finds at most one entity; the other filters decide whether it is shown. */
const byCode = (query: EntityQuery, code: string, reader: Reader | undefined): SQL =>
  sql`SELECT ${LISTED} FROM entities INDEXED BY entities_code
    WHERE code = ${code} AND ${isVisibleTo(reader)} AND ${matches(query)} AND ${hasTerms(query.terms ?? [], sql`entities.id`, reader)}`;

function merged(query: EntityQuery, reader: Reader | undefined): SQL {
  const among = sql`${matches({ ...query, ownerId: undefined, ...withoutPassedBound(query) })} AND ${isAfterPosition(query)}`;
  const scans = (query.ownerId === undefined ? scansOfAll : scansOfOwner)(query, reader);
  const arms = scans.map(
    ({ index, where }) => sql`SELECT ${LISTED} FROM entities INDEXED BY ${sql.raw(index)} WHERE ${where} AND ${among}`,
  );
  return sql`${sql.join(arms, sql` UNION ALL `)} ORDER BY ${orderOf(query.sort)} LIMIT ${query.limit + 1}`;
}

interface Scan {
  readonly index: string;
  readonly where: SQL;
}

/**
 * Public entities; the reader's own private ones; for an admin all private ones instead. The scans that do not apply
 * compare with NULL.
 */
function scansOfAll({ type, sort }: EntityQuery, reader: Reader | undefined): readonly Scan[] {
  const index = indexFor(type === undefined ? OF_ALL : OF_A_TYPE, sort);
  const publicScan = { index, where: sql`private = 0` };
  if (reader === undefined) return [publicScan];
  const account = sql`FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1`;
  const ownScan = (own: SQL): Scan => ({
    index: indexFor(type === undefined ? OF_AN_OWNER : OF_AN_OWNER_AND_TYPE, sort),
    where: sql`private = 1 AND owner_id = (SELECT accounts.id ${own})`,
  });
  if (reader.atMost === 'user') return [publicScan, ownScan(account)];
  return [
    publicScan,
    ownScan(sql`${account} AND role = 'user'`),
    { index, where: sql`private = (SELECT 1 ${account} AND role = 'admin')` },
  ];
}

/** The owner's public entities, and their private ones for the owner or an admin. */
function scansOfOwner({ type, sort, ownerId }: EntityQuery, reader: Reader | undefined): readonly Scan[] {
  const index = indexFor(type === undefined ? OF_AN_OWNER : OF_AN_OWNER_AND_TYPE, sort);
  const publicScan = { index, where: sql`owner_id = ${ownerId} AND private = 0` };
  if (reader === undefined) return [publicScan];
  const isOwner = sql`accounts.id = ${ownerId}`;
  const maySee = reader.atMost === 'user' ? isOwner : sql`(${isOwner} OR role = 'admin')`;
  const owner = sql`(SELECT ${ownerId} FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1 AND ${maySee})`;
  return [publicScan, { index, where: sql`private = 1 AND owner_id = ${owner}` }];
}

function indexFor(indexes: IndexBySort, { key }: Sort): string {
  const index = indexes[key];
  if (!index) throw new Error(`no index for a sort by ${key}`);
  return index;
}

/** Drops the bound that the position has passed: SQLite would start from it and read everything in between again. */
const withoutPassedBound = ({ sort, after }: EntityQuery): EntityFilters =>
  after === undefined || sort.key !== 'quantity'
    ? {}
    : sort.descending
      ? { maxQuantity: undefined }
      : { minQuantity: undefined };

/** The row comes after the position that the page before ended at. */
function isAfterPosition({ sort, after }: EntityQuery): SQL {
  if (after === undefined) return sql`1`;
  const columns = SORT_COLUMNS[sort.key].map((column) => sql.raw(column));
  const position = (JSON.parse(after) as readonly (string | number)[]).map((value) => sql`${value}`); // signed by us
  return sql`(${sql.join(columns, sql`, `)}) ${sql.raw(sort.descending ? '<' : '>')} (${sql.join(position, sql`, `)})`;
}

const orderOf = ({ key, descending }: Sort): SQL =>
  sql.raw(SORT_COLUMNS[key].map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`).join(', '));
