// The orders of lists of entities, and the positions in them that pages start after.
import { type Placeholder, type SQL, sql } from 'drizzle-orm';
import type { Sort, SortKey } from '../../domain/entities/query.ts';
import type { AnyFilters } from './conditions.ts';
import type { ListedRow } from './row.ts';

/** `created_at` never falls as ids rise, so the order of ids is its order. */
const SORT_COLUMNS = {
  id: ['id'],
  created_at: ['id'],
  code: ['code'],
  quantity: ['quantity', 'seq'],
  updated_at: ['updated_at', 'seq'],
} as const satisfies Readonly<Record<SortKey, readonly (keyof ListedRow)[]>>;

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

/** The position in `after`, the text that a cursor carries; undefined on the first page. */
export const positionAfter = (after: string | undefined): readonly (string | number)[] | undefined =>
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
