// Prepared statements for the hot paths: Drizzle builds the SQL once per isolate.
import { type Column, fillPlaceholders, type GetColumnData, is, type Query, SQL } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import type { Db } from './database.ts';

/** A column, or one under another name, whose values are taken as D1 returns them. */
type Field = Column | SQL.Aliased<unknown>;
type Fields = Readonly<Record<string, Field>>;
type DataOf<F extends Field> = F extends Column ? GetColumnData<F> : F extends SQL.Aliased<infer T> ? T : never;
type Row<F extends Fields> = { readonly [K in keyof F]: DataOf<F[K]> };
type Values = Readonly<Record<string, string | number | null>>;

/**
 * `build` returns a statement that selects or returns `fields`, with a `sql.placeholder` for each of the `values`. The
 * names of the fields' columns must differ. Building the query and mapping its rows each time would cost a fifth of a
 * whole read (docs/performance.md).
 */
export function prepare<F extends Fields>(fields: F, build: (db: Db) => { toSQL(): Query }) {
  const columns = Object.entries(fields);
  let query: Query | undefined;
  return async (db: Db, values: Values): Promise<readonly Row<F>[]> => {
    query ??= build(builder()).toSQL();
    const bound = db.$client.prepare(query.sql).bind(...fillPlaceholders(query.params, values));
    const { results } = await bound.all<Record<string, unknown>>();
    return results.map((row) => rowOf(columns, Object.values(row)) as Row<F>); // a value for each of its columns
  };
}

/** Drizzle needs no database to build a statement, and none is run through this one. */
const builder = (): Db => drizzle({} as D1Database);

function rowOf(columns: readonly (readonly [string, Field])[], values: readonly unknown[]): Record<string, unknown> {
  if (values.length !== columns.length) throw new Error('two columns of a prepared statement have one name');
  const row: Record<string, unknown> = {};
  columns.forEach(([name, column], index) => {
    const value = values[index];
    row[name] = value === null || is(column, SQL.Aliased) ? value : column.mapFromDriverValue(value);
  });
  return row;
}
