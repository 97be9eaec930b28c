// A D1 whose replicas are behind its primary: a session that may use them reads data of a moment ago.
import { intercepted, original } from './intercepted.ts';

export interface StaleD1 {
  readonly DB: D1Database;
  /** How many calls went to a replica, and to the primary. */
  readonly calls: { replica: number; primary: number };
}

/**
 * `before` makes the database as the replica still has it, `after` as it is. Both run around each read of a replica.
 */
export function staleD1(d1: D1Database, before: string, after: string): StaleD1 {
  const calls = { replica: 0, primary: 0 };

  const onReplica = async (statements: readonly D1PreparedStatement[]) => {
    calls.replica += 1;
    const results = await d1.batch([d1.prepare(before), ...statements, d1.prepare(after)]);
    return results.slice(1, -1);
  };
  // The casts name what D1's methods of these names take and return.
  const replicaStatement = (prepared: D1PreparedStatement): D1PreparedStatement =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => replicaStatement(method(...args) as D1PreparedStatement);
      return name === 'all' ? async () => (await onReplica([prepared]))[0] : method;
    });
  const replica = () =>
    intercepted(d1, (name, method) => {
      if (name === 'prepare') return (sql) => replicaStatement(d1.prepare(String(sql)));
      if (name === 'batch')
        return (statements) => onReplica((statements as object[]).map(original) as D1PreparedStatement[]);
      return name === 'getBookmark' ? () => null : method;
    });
  const primary = (session: object) =>
    intercepted(session, (name, method) => {
      if (name !== 'prepare' && name !== 'batch') return method;
      return (...args) => {
        calls.primary += 1;
        return method(...args);
      };
    });

  const DB = intercepted(d1, (name, method) => {
    if (name !== 'withSession') return method;
    return (start) => (start === 'first-primary' ? primary(method(start) as object) : withBookmark(replica()));
  });
  return { DB, calls };
}

/** A database has no bookmark, and a session does. */
const withBookmark = (db: D1Database): object => Object.assign(Object.create(db), { getBookmark: () => null });
