// Wraps a D1 session: every statement is planned once, and the time and the rows of each call are recorded, since D1
// bills rows.
import { columnCount } from './column-count.ts';
import { plannedOnce } from './planned-once.ts';

export interface Meter {
  /** Adds the time of a call. */
  timed<T>(call: Promise<T>): Promise<T>;
  /** Adds the rows that a call read and wrote. */
  count(rows: { readonly rows_read: number; readonly rows_written: number }): void;
}

/** A statement that is metered when it runs by itself; a batch runs `inner`. */
interface MeteredStatement {
  readonly sql: string;
  readonly inner: D1PreparedStatement;
  bind(...values: unknown[]): MeteredStatement;
  all(): Promise<D1Result>;
  run(): Promise<D1Result>;
  raw(): Promise<unknown[][]>;
}

/** The part of a session that Drizzle uses. */
export const metered = (session: D1DatabaseSession, meter: Meter) => ({
  prepare: (sql: string): MeteredStatement => statement(sql, session.prepare(plannedOnce(sql)), meter),

  batch: async (statements: readonly MeteredStatement[]): Promise<readonly D1Result[]> => {
    const results = await meter.timed(session.batch(statements.map(({ inner }) => inner)));
    for (const [index, result] of results.entries()) {
      meter.count(result.meta);
      checkNames(statements[index]?.sql ?? '', result);
    }
    return results;
  },
});

function statement(sql: string, inner: D1PreparedStatement, meter: Meter): MeteredStatement {
  const recorded = async (call: Promise<D1Result>): Promise<D1Result> => {
    const result = await meter.timed(call);
    meter.count(result.meta);
    return result;
  };
  return {
    sql,
    inner,
    bind: (...values) => statement(sql, inner.bind(...values), meter),
    all: () => recorded(inner.all()),
    run: () => recorded(inner.run()),
    // D1's own `raw` does not tell the rows read, so the values are taken from `all`.
    raw: async () => {
      const result = await recorded(inner.all());
      checkNames(sql, result);
      return result.results.map((row) => Object.values(row as object)); // rows are objects
    },
  };
}

/** Of two columns with one name D1 answers one, and Drizzle would shift the values behind it: throws instead. */
function checkNames(sql: string, { results }: D1Result): void {
  const [row] = results ?? [];
  if (row && Object.keys(row).length !== columnCount(sql)) throw new Error(`two columns have one name: ${sql}`);
}
