// D1 as Drizzle calls it, with every call told of: how long it is waited for, and the rows it read and wrote, which D1 bills.

export interface Meter {
  waiting<T>(call: Promise<T>): Promise<T>;
  count(rows: { readonly rows_read: number; readonly rows_written: number }): void;
}

/** A statement that is metered where it is run by itself; a batch runs `inner`. */
interface Metered {
  readonly inner: D1PreparedStatement;
  bind(...values: unknown[]): Metered;
  all(): Promise<D1Result>;
  run(): Promise<D1Result>;
  raw(): Promise<unknown[][]>;
}

/** All of a session that Drizzle uses. */
export const metered = (session: D1DatabaseSession, meter: Meter) => ({
  prepare: (sql: string): Metered => statement(session.prepare(sql), meter),

  batch: async (statements: readonly Metered[]): Promise<readonly D1Result[]> => {
    const results = await meter.waiting(session.batch(statements.map(({ inner }) => inner)));
    for (const { meta } of results) meter.count(meta);
    return results;
  },
});

function statement(inner: D1PreparedStatement, meter: Meter): Metered {
  const told = async (call: Promise<D1Result>): Promise<D1Result> => {
    const result = await meter.waiting(call);
    meter.count(result.meta);
    return result;
  };
  return {
    inner,
    bind: (...values) => statement(inner.bind(...values), meter),
    all: () => told(inner.all()),
    run: () => told(inner.run()),
    // D1's own `raw` tells no rows read. Of two columns with one name `all` keeps one: a select's names must differ, as in a batch.
    raw: async () => (await told(inner.all())).results.map((row) => Object.values(row as object)), // rows are objects
  };
}
