// A row to be inserted under a condition, which Drizzle's `values` cannot have.
import { getTableColumns, type InferInsertModel, type SQL, sql, type Table } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';

/** A SELECT of one row with these values, where the condition holds; an absent value is the column's default. */
export function rowWhere<T extends SQLiteTable>(table: T, values: InferInsertModel<T>, condition: SQL): SQL {
  const given = values as Readonly<Record<string, unknown>>; // by the names of the columns
  const row = Object.entries(getTableColumns(table as Table)).map(
    ([name, column]) => sql`${sql.param(given[name] ?? column.default ?? null, column)}`,
  );
  return sql`SELECT ${sql.join(row, sql`, `)} WHERE ${condition}`;
}
