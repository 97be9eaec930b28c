// A batch is D1's only transaction. Its results are answered by the names of its statements.
import type { Db, Statement } from './database.ts';

type Named = Readonly<Record<string, Statement | undefined>>;

type ResultOf<S> = S extends Statement ? S['_']['result'] : S extends undefined ? undefined : never;

/** Runs the statements in the order of their names, in one transaction and one round trip; skips undefined ones. */
export async function batchOf<S extends Named>(db: Db, statements: S): Promise<{ [K in keyof S]: ResultOf<S[K]> }> {
  const given = Object.entries(statements).filter((entry): entry is [string, Statement] => entry[1] !== undefined);
  const [first, ...rest] = given.map(([, statement]) => statement);
  if (!first) return {} as { [K in keyof S]: ResultOf<S[K]> }; // all are undefined, and so are their results
  const results = await db.batch([first, ...rest]);
  const named = given.map(([name], index) => [name, results[index]]);
  return Object.fromEntries(named) as { [K in keyof S]: ResultOf<S[K]> }; // one result for each statement, in order
}
