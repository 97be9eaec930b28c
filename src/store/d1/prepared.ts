// Prepared statements for the hot paths: Drizzle builds the SQL once per isolate.
import { Column, fillPlaceholders, type GetColumnData, is, type Placeholder, type Query, SQL, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/d1';
import { SQLiteAsyncDialect } from 'drizzle-orm/sqlite-core';
import { setWithLimit } from '../../domain/map-with-limit.ts';
import type { Db } from './database.ts';

/** A column, or one under another name, whose values are taken as D1 returns them. */
type Field = Column | SQL.Aliased<unknown>;
type Fields = Readonly<Record<string, Field>>;
type DataOf<F extends Field> = F extends Column ? GetColumnData<F> : F extends SQL.Aliased<infer T> ? T : never;
type Row<F extends Fields> = { readonly [K in keyof F]: DataOf<F[K]> };
type Values = Readonly<Record<string, string | number | null>>;
/** A placeholder for each value, under its name. */
export type PlaceholdersOf<V> = { readonly [K in keyof V]: Placeholder };

/**
 * `build` returns a statement that selects or returns `fields`, with a `sql.placeholder` for each of the `values`. The
 * names of the fields' columns must differ. Building the query and mapping its rows each time would cost a fifth of a
 * whole read (docs/performance.md).
 */
export function prepare<F extends Fields>(fields: F, build: (db: Db) => { toSQL(): Query }) {
  const columns = Object.entries(fields).map(([name, field]) => [name, mapperOf(field)] as const);
  let query: Query | undefined;
  return async (db: Db, values: Values): Promise<readonly Row<F>[]> => {
    query ??= build(builder()).toSQL();
    const bound = db.$client.prepare(query.sql).bind(...fillPlaceholders(query.params, values));
    const { results } = await bound.all<Record<string, unknown>>();
    return results.map((row) => rowOf(columns, Object.values(row)) as Row<F>); // a value for each of its columns
  };
}

/** Above the forms of all hot statements. */
const MAX_FORMS = 200;

/**
 * As `prepare`, for a statement of several forms: `build` is called once for each `form`, which must name everything
 * that the text depends on, besides the values. Rows are as D1 answers them.
 */
export function prepareForms<R>() {
  const queries = new Map<string, Query>();
  return async <V extends Values>(
    db: Db,
    form: string,
    values: V,
    build: (placeholders: PlaceholdersOf<V>, db: Db) => SQL | { toSQL(): Query },
  ): Promise<readonly R[]> => {
    let query = queries.get(form);
    if (!query) {
      query = queryOf(build(placeholdersOf(values), builder()));
      setWithLimit(queries, form, query, MAX_FORMS);
    }
    const bound = db.$client.prepare(query.sql).bind(...fillPlaceholders(query.params, values));
    return (await bound.all<R>()).results;
  };
}

const queryOf = (built: SQL | { toSQL(): Query }): Query =>
  is(built, SQL) ? new SQLiteAsyncDialect().sqlToQuery(built) : built.toSQL();

const placeholdersOf = <V extends Values>(values: V): PlaceholdersOf<V> =>
  Object.fromEntries(Object.keys(values).map((name) => [name, sql.placeholder(name)])) as PlaceholdersOf<V>; // each

/** The values that are defined; their names are a part of the form. */
export const definedOf = <T extends object>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };

/** Drizzle needs no database to build a statement, and none is run through this one. */
const builder = (): Db => drizzle({} as D1Database);

type Mapper = (value: unknown) => unknown;

/** The function that turns D1's value into the field's; undefined where they are the same. */
function mapperOf(field: Field): Mapper | undefined {
  if (is(field, SQL.Aliased) || field.mapFromDriverValue === Column.prototype.mapFromDriverValue) return undefined;
  return (value) => field.mapFromDriverValue(value);
}

function rowOf(
  columns: readonly (readonly [string, Mapper | undefined])[],
  values: readonly unknown[],
): Record<string, unknown> {
  if (values.length !== columns.length) throw new Error('two columns of a prepared statement have one name');
  const row: Record<string, unknown> = {};
  for (const [index, [name, map]] of columns.entries()) {
    const value = values[index];
    row[name] = map && value !== null ? map(value) : value;
  }
  return row;
}
