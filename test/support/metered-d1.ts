// A D1 that adds up the rows that are read and written through it, as D1 bills them.
import { interceptedD1 } from './intercepted.ts';

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
  /** The rows written by each of them that wrote any. */
  rowsWritten(): readonly number[];
}

const sumOf = (calls: readonly Rows[]): Rows =>
  calls.reduce((sum, { read, written }) => ({ read: sum.read + read, written: sum.written + written }), {
    read: 0,
    written: 0,
  });

/** `raw` and `first` answer values alone, which bill nothing that a test could see. */
const hasMeta = (result: unknown): result is D1Result =>
  typeof result === 'object' && result !== null && 'meta' in result;

export function meteredD1(d1: D1Database): MeteredD1 {
  let made: Rows[] = [];
  const metered = async (call: () => Promise<unknown>): Promise<unknown> => {
    const result = await call();
    const metas = [result]
      .flat()
      .filter(hasMeta)
      .map(({ meta }) => meta);
    if (metas.length > 0)
      made.push(sumOf(metas.map(({ rows_read, rows_written }) => ({ read: rows_read, written: rows_written }))));
    return result;
  };
  const calls = () => {
    const result = made;
    made = [];
    return result;
  };
  return {
    DB: interceptedD1(d1, metered),
    calls,
    rows: () => sumOf(calls()),
    rowsWritten: () => calls().flatMap(({ written }) => (written > 0 ? [written] : [])),
  };
}
