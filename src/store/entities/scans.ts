// The index scans of a list of entities: each reads only the entities that a reader may see, in the order of the list.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Sort, SortKey } from '../../domain/entities/query.ts';
import { isBeingDeleted } from '../accounts/conditions.ts';
import type { AnyFilters, AnyReader } from './conditions.ts';
import { orderOf } from './order.ts';

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

/** The scans of a query. The indexes of an owner's entities lack the type, which is filtered afterwards. */
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
