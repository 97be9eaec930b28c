// Everything that is stored, as text to compare: all tables of D1, and the namespaces of KV.
import { env } from 'cloudflare:workers';

/**
 * Counts, and rows that a refused caller may leave behind: the time of a use, a counted guess, a challenge that is used
 * up, the event of a refusal.
 */
const LEFT_OUT = new Set(['password_guesses', 'used_challenges']);
const REFUSALS = "('access.refused', 'refresh.refused', 'login.refused')";

/** Each table of ours with its columns, other than the time of a use. */
let tables: Promise<readonly Table[]> | undefined;

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

async function readTables(): Promise<readonly Table[]> {
  const { results } = await env.DB.prepare(
    `SELECT m.name, json_group_array(c.name) AS columns FROM sqlite_master m JOIN pragma_table_info(m.name) c
     WHERE m.type = 'table' AND m.name NOT LIKE '\\_cf%' ESCAPE '\\' AND c.name != 'last_used_at' GROUP BY m.name`,
  ).all<{ name: string; columns: string }>();
  return results
    .filter(({ name }) => name !== 'sqlite_sequence' && name !== 'd1_migrations')
    .map(({ name, columns }) => ({ name, columns: JSON.parse(columns) as string[] })); // as the query makes them
}

// Local D1 runs four more statements for each that it is sent, so all tables are emptied, and read, by one.

/** The statements that empty every table. */
export async function forgettingAll(): Promise<readonly D1PreparedStatement[]> {
  tables ??= readTables();
  const names = (await tables).map(({ name }) => name);
  const children = ['audit_events', 'sessions', 'session_endings', 'password_credentials', 'entities'];
  const ordered = [...children, ...names.filter((name) => !children.includes(name) && name !== 'accounts'), 'accounts'];
  return [
    'CREATE VIEW IF NOT EXISTS everything AS SELECT 1 AS row',
    `CREATE TRIGGER IF NOT EXISTS forgetting_all INSTEAD OF DELETE ON everything
     BEGIN ${ordered.map((name) => `DELETE FROM ${name};`).join(' ')} END`,
    'DELETE FROM everything',
  ].map((sql) => env.DB.prepare(sql));
}

/** Everything that is stored now: the rows of each table and the entries of each namespace, as texts. */
export async function stored(): Promise<Readonly<Record<string, unknown>>> {
  tables ??= readTables();
  const shown = (await tables).filter(({ name }) => !LEFT_OUT.has(name));
  const reads = shown.map(({ name, columns }) => {
    const rows = `SELECT json_array(${columns.join(', ')}) AS row FROM ${name}`;
    const told = name === 'audit_events' ? `${rows} WHERE action NOT IN ${REFUSALS}` : rows;
    return `(SELECT json_group_array(row) FROM (${told} ORDER BY row)) AS ${name}`;
  });
  const d1 = await env.DB.prepare(`SELECT ${reads.join(', ')}`).first<Record<string, string>>();
  const kv = await Promise.all(
    [env.CONFIG, env.REFRESH_TOKENS].map(async (namespace) => {
      const { keys } = await namespace.list();
      return Promise.all(keys.map(async ({ name }) => [name, await namespace.get(name)] as const));
    }),
  );
  return { ...Object.fromEntries(Object.entries(d1 ?? {}).map(([name, rows]) => [name, JSON.parse(rows)])), kv };
}
