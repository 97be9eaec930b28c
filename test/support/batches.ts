// A D1 binding that tells the rows that each call through it read and wrote.
import { intercepted, original } from './counting.ts';

export interface Batches {
  readonly DB: D1Database;
  /** The rows written by each call that wrote any, since the last time. */
  rowsWritten(): readonly number[];
  /** The rows read by all calls. */
  rowsRead(): number;
}

export function batchesOf(d1: D1Database): Batches {
  let written: number[] = [];
  let read = 0;
  const recorded = async (call: unknown): Promise<unknown> => {
    const result = await (call as Promise<D1Result | D1Result[]>); // D1's own answer
    const rows = [result].flat().reduce((sum, { meta }) => sum + meta.rows_written, 0);
    if (rows > 0) written.push(rows);
    read += [result].flat().reduce((sum, { meta }) => sum + meta.rows_read, 0);
    return result;
  };
  const statement = (prepared: object): object =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => statement(method(...args) as object);
      return ['all', 'run'].includes(name) ? (...args) => recorded(method(...args)) : method;
    });
  const database = <T extends object>(db: T): T =>
    intercepted(db, (name, method) => {
      if (name === 'prepare') return (...args) => statement(method(...args) as object);
      if (name === 'withSession') return (...args) => database(method(...args) as object);
      return name === 'batch' ? (statements) => recorded(method((statements as object[]).map(original))) : method;
    });
  return {
    DB: database(d1),
    rowsWritten: () => {
      const rows = written;
      written = [];
      return rows;
    },
    rowsRead: () => read,
  };
}
