// A statement of the hot paths is written by Drizzle once an isolate; from then on its text is run, at the cost of D1's own call and no more.
import { type Column, fillPlaceholders, type GetColumnData, type Query } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Db } from './database.ts';

type Fields = Readonly<Record<string, Column>>;
type Row<F extends Fields> = { readonly [K in keyof F]: GetColumnData<F[K]> };
type Values = Readonly<Record<string, string | number | null>>;

/**
 * `write` answers a statement that selects or returns `fields`, whose columns' names must differ, with `sql.placeholder('name')` for each of
 * the `values`. Building a query and mapping its rows would cost Drizzle a fifth of what the whole read costs (docs/performance.md).
 */
export function kept<F extends Fields>(fields: F, write: (db: Db) => { toSQL(): Query }) {
  const columns = Object.entries(fields);
  let query: Query | undefined;
  return async (db: Db, values: Values): Promise<readonly Row<F>[]> => {
    query ??= write(writer()).toSQL();
    const bound = db.$client.prepare(query.sql).bind(...fillPlaceholders(query.params, values));
    const { results } = await bound.all<Record<string, unknown>>();
    return results.map((row) => rowOf(columns, Object.values(row)) as Row<F>); // a value for each of its columns
  };
}

/** Drizzle needs no database to write a statement, and nothing is run through this one. */
const writer = (): Db => drizzle({} as D1Database);

function rowOf(columns: readonly (readonly [string, Column])[], values: readonly unknown[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(([name, column], index) => {
    const value = values[index];
    row[name] = value === null ? null : column.mapFromDriverValue(value);
  });
  return row;
}
