// Rows to be inserted from a SELECT, which name every column: one that is added later gets its default.
import { getTableColumns, SQL, type SQLWrapper, sql, type Table } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A value or an expression for each column; an absent one is the column's default. */
type Values<T extends SQLiteTable> = {
  readonly [K in keyof T['$inferInsert']]: T['$inferInsert'][K] | SQL;
};

/** A SELECT of a row with these values for each row of `from`, a FROM clause with its WHERE. */
export function rowsFrom<T extends SQLiteTable>(table: T, values: Values<T>, from: SQLWrapper): SQL {
  const given = values as Readonly<Record<string, unknown>>; // by the names of the columns
  // As any table: by their names, whatever its own columns are.
  const row = Object.entries(getTableColumns(table as Table)).map(([name, column]) => {
    const value = given[name] ?? column.default ?? null;
    return value instanceof SQL ? value : sql`${sql.param(value, column)}`;
  });
  return sql`SELECT ${sql.join(row, sql`, `)} ${from}`;
}

/** A SELECT of one row with these values, where the condition holds. */
export const rowWhere = <T extends SQLiteTable>(table: T, values: Values<T>, condition: SQL): SQL =>
  rowsFrom(table, values, sql`WHERE ${condition}`);
