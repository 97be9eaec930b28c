// A D1 binding that counts the rows that its calls read.
import { interceptedD1 } from './intercepted.ts';

export interface Watched {
  readonly DB: D1Database;
  /** The rows read since the last call. */
  rowsRead(): number;
}

export function watched(d1: D1Database): Watched {
  let rows = 0;
  const DB = interceptedD1(d1, async (call) => {
    const result = await call();
    for (const { meta } of [result].flat() as D1Result[]) rows += meta.rows_read; // of a statement or of a batch
    return result;
  });
  return {
    DB,
    rowsRead() {
      const read = rows;
      rows = 0;
      return read;
    },
  };
}
