// A D1 that adds up the rows that are read and written through it, as D1 bills them.
import { intercepted, original } from './counting.ts';

export interface Rows {
  readonly read: number;
  readonly written: number;
}

export interface MeteredD1 {
  readonly DB: D1Database;
  /** The rows of each statement or batch since the last time. */
  calls(): readonly Rows[];
  /** The sum of them. */
  rows(): Rows;
}

const sumOf = (calls: readonly Rows[]): Rows =>
  calls.reduce((sum, { read, written }) => ({ read: sum.read + read, written: sum.written + written }), {
    read: 0,
    written: 0,
  });

export function meteredD1(d1: D1Database): MeteredD1 {
  let made: Rows[] = [];
  const count = <T>(result: T): T => {
    const metas = ([result].flat() as unknown as D1Result[]).map(({ meta }) => meta);
    made.push(sumOf(metas.map(({ rows_read, rows_written }) => ({ read: rows_read, written: rows_written }))));
    return result;
  };
  const calls = () => {
    const result = made;
    made = [];
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
    calls,
    rows: () => sumOf(calls()),
  };
}
