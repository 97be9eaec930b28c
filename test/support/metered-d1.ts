// A D1 that adds up the rows that are read and written through it, as D1 bills them.
import { intercepted, original } from './counting.ts';

export interface Rows {
  read: number;
  written: number;
}

export interface MeteredD1 {
  readonly DB: D1Database;
  /** The rows of everything since the last time. */
  rows(): Rows;
}

export function meteredD1(d1: D1Database): MeteredD1 {
  let sum: Rows = { read: 0, written: 0 };
  const count = <T>(result: T): T => {
    for (const { meta } of [result].flat() as unknown as D1Result[]) {
      sum.read += meta.rows_read;
      sum.written += meta.rows_written;
    }
    return result;
  };
  const statement = (prepared: object): object =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => statement(method(...args) as object);
      return ['all', 'run'].includes(name) ? async (...args) => count(await method(...args)) : method;
    });
  const database = <T extends object>(db: T): T =>
    intercepted(db, (name, method) => {
      if (name === 'prepare') return (...args) => statement(method(...args) as object);
      if (name === 'withSession') return (...args) => database(method(...args) as object);
      return name === 'batch'
        ? async (statements) => count(await method((statements as object[]).map(original)))
        : method;
    });
  return {
    DB: database(d1),
    rows() {
      const result = sum;
      sum = { read: 0, written: 0 };
      return result;
    },
  };
}
