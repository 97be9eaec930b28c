// The index scans of a list of entities: each reads what a reader may see, in the order of the list, and nothing else.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Sort, SortKey } from '../../domain/entities/query.ts';
import { isBeingDeleted } from '../accounts/conditions.ts';
import type { AnyFilters, AnyReader } from './conditions.ts';
import type { ListedRow } from './row.ts';

/** `created_at` never falls as ids rise, so the order of ids is its order. */
const SORT_COLUMNS = {
  id: ['id'],
  created_at: ['id'],
  code: ['code'],
  quantity: ['quantity', 'seq'],
  updated_at: ['updated_at', 'seq'],
} as const satisfies Readonly<Record<SortKey, readonly (keyof ListedRow)[]>>;

type IndexBySort = Readonly<Record<SortKey, string>>;

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
  code: 'entities_by_type_and_code',
  quantity: 'entities_by_type_and_quantity',
  updated_at: 'entities_by_type_and_updated_at',
};
const OF_AN_OWNER: IndexBySort = {
  id: 'entities_of_owner',
  created_at: 'entities_of_owner',
  code: 'entities_of_owner_by_type', // see the schema
  quantity: 'entities_of_owner_by_quantity',
  updated_at: 'entities_of_owner_by_updated_at',
};
const PRIVATE_OF_AN_OWNER_AND_TYPE: IndexBySort = {
  id: 'entities_private_by_type',
  created_at: 'entities_private_by_type',
  code: 'entities_private_by_type_and_code',
  quantity: 'entities_of_owner_by_type_and_quantity',
  updated_at: 'entities_private_by_type_and_updated_at',
};

export interface Scan {
  readonly index: string;
  readonly where: SQL;
}

type Scanned = Pick<AnyFilters, 'type' | 'ownerId'> & { readonly sort: Sort };

/** The scans of a query. Of an owner's entities the type is no part of the index: it is left to filter. */
export const scansOf = (query: Scanned, reader: AnyReader | undefined): readonly Scan[] =>
  query.ownerId === undefined ? scansOfAll(query, reader) : scansOfOwner(query.ownerId, query, reader);

/**
 * Public entities; the reader's own private ones; for an admin all private ones instead. The scans that do not apply
 * compare with NULL.
 */
function scansOfAll({ type, sort: { key } }: Scanned, reader: AnyReader | undefined): readonly Scan[] {
  const index = (type === undefined ? OF_ALL : OF_A_TYPE)[key];
  const isOfType = type === undefined ? sql`1` : sql`type = ${type}`;
  const publicScan = { index, where: sql`private = 0 AND ${isOfType}` };
  if (reader === undefined) return [publicScan];
  const account = sql`FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1`;
  const ownScan = (own: SQL): Scan => ({
    index: (type === undefined ? OF_AN_OWNER : PRIVATE_OF_AN_OWNER_AND_TYPE)[key],
    where: sql`private = 1 AND owner_id = (SELECT accounts.id ${own}) AND ${isOfType}`,
  });
  if (reader.atMost === 'user') return [publicScan, ownScan(account)];
  return [
    publicScan,
    ownScan(sql`${account} AND role = 'user'`),
    {
      index,
      where: sql`private = (SELECT 1 ${account} AND role = 'admin') AND ${isOfType}
        AND NOT ${isBeingDeleted(sql`owner_id`)}`,
    },
  ];
}

/** The owner's public entities, and their private ones for the owner or an admin. */
function scansOfOwner(
  ownerId: number | Placeholder,
  { sort: { key } }: Scanned,
  reader: AnyReader | undefined,
): readonly Scan[] {
  const index = OF_AN_OWNER[key];
  const publicScan = { index, where: sql`owner_id = ${ownerId} AND private = 0` };
  if (reader === undefined) return [publicScan];
  const isOwner = sql`accounts.id = ${ownerId}`;
  const maySee = reader.atMost === 'user' ? isOwner : sql`(${isOwner} OR role = 'admin')`;
  const owner = sql`(SELECT ${ownerId} FROM accounts WHERE accounts.id = ${reader.accountId} AND active = 1
    AND ${maySee} AND NOT ${isBeingDeleted(ownerId)})`;
  return [publicScan, { index, where: sql`private = 1 AND owner_id = ${owner}` }];
}

/** `columns` of the rows of all scans that `among` lets through, one scan after the other. */
export function rowsOf(scans: readonly Scan[], columns: SQL, among: SQL): SQL {
  const arms = scans.map(
    ({ index, where }) => sql`SELECT ${columns} FROM entities INDEXED BY ${sql.raw(index)} WHERE ${where} AND ${among}`,
  );
  return sql.join(arms, sql` UNION ALL `);
}

/** The same in an order, for which SQLite merges the scans as it reads them. */
export const merged = (scans: readonly Scan[], columns: SQL, among: SQL, sort: Sort): SQL =>
  sql`${rowsOf(scans, columns, among)} ORDER BY ${orderOf(sort)}`;

/** The columns of an order, of a table or of the only one there is. */
export const orderOf = ({ key, descending }: Sort, table?: string): SQL =>
  sql.raw(
    columnsOf(key, table)
      .map((column) => `${column} ${descending ? 'DESC' : 'ASC'}`)
      .join(', '),
  );

const columnsOf = (key: SortKey, table?: string): readonly string[] =>
  SORT_COLUMNS[key].map((column) => (table === undefined ? column : `${table}.${column}`));

/**
 * The range of quantities that an index in their order starts and ends with. The bound that the position has passed is
 * dropped: SQLite would start from it and read everything in between again.
 */
export function boundsOf({ minQuantity, maxQuantity }: AnyFilters, sort: Sort, position: Position): AnyFilters {
  if (sort.key !== 'quantity') return {};
  const isPassed = position !== undefined;
  return {
    minQuantity: isPassed && !sort.descending ? undefined : minQuantity,
    maxQuantity: isPassed && sort.descending ? undefined : maxQuantity,
  };
}

/** The values of the row that the page before ended with, or placeholders for them; undefined on the first page. */
export type Position = readonly (string | number | Placeholder)[] | undefined;

/** The position that a query starts after. */
export const valuesOf = (after: string | undefined): readonly (string | number)[] | undefined =>
  after === undefined ? undefined : JSON.parse(after); // signed by us

/** The row comes after the position. */
export function isAfter(position: Position, sort: Sort): SQL {
  if (position === undefined) return sql`1`;
  const columns = sql.raw(columnsOf(sort.key, 'entities').join(', '));
  const values = position.map((value) => sql`${value}`);
  return sql`(${columns}) ${sql.raw(sort.descending ? '<' : '>')} (${sql.join(values, sql`, `)})`;
}

/** The position of a row, and the same in SQL. */
export const positionOf = (row: ListedRow, { key }: Sort): string =>
  JSON.stringify(SORT_COLUMNS[key].map((column) => row[column]));
export const positionIn = ({ key }: Sort, table: string): SQL =>
  sql.raw(`json_array(${columnsOf(key, table).join(', ')})`);
