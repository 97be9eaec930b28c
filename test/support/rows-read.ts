// A D1 binding that remembers the statements sent through it, to ask D1 afterwards how many rows each of them reads.
import { intercepted } from './intercepted.ts';

interface Sent {
  readonly sql: string;
  readonly values: readonly unknown[];
}

export interface Watched {
  readonly DB: D1Database;
  /** The rows read by the SELECTs since the last time, which are run again as they were. */
  rowsRead(): Promise<number>;
}

export function watched(d1: D1Database): Watched {
  let sent: Sent[] = [];
  // The casts name what D1's methods of these names return.
  const watch = <T extends object>(target: T): T =>
    intercepted(target, (name, method) => {
      if (name === 'withSession') return (...args) => watch(method(...args) as object);
      if (name !== 'prepare') return method;
      return (...args) => remember(method(...args) as D1PreparedStatement, String(args[0]));
    });
  const remember = (prepared: D1PreparedStatement, sql: string): D1PreparedStatement =>
    intercepted(prepared, (name, method) => {
      if (name !== 'bind') return method;
      return (...values) => {
        sent.push({ sql, values });
        return method(...values);
      };
    });
  return {
    DB: watch(d1),
    async rowsRead() {
      const again = sent.filter(({ sql }) => /^(select|with)\b/i.test(sql));
      sent = [];
      const results = await Promise.all(
        again.map(({ sql, values }) =>
          d1
            .prepare(sql)
            .bind(...values)
            .all(),
        ),
      );
      return results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
    },
  };
}
