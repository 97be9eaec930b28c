// Many rows of a table at once, as SQL makes them.
import { env } from 'cloudflare:workers';

/** Inserts rows whose values are SQL over `i`, which counts from 1 to `rows`. */
export const fill = (table: string, columns: string, values: string, rows: number) =>
  env.DB.prepare(
    `INSERT INTO ${table} (${columns})
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT ${values} FROM n`,
  ).run();

export const countOf = async (table: string): Promise<number> =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? 0;
