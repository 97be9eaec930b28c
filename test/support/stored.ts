// Everything that is stored, as text to compare: all tables of D1, and the namespaces of KV.
import { env } from 'cloudflare:workers';

/**
 * Counts, and rows that a refused caller may leave behind: the time of a use, a counted guess, a challenge that is used
 * up, the event of a refusal.
 */
const LEFT_OUT = new Set(['sqlite_sequence', 'd1_migrations', 'password_guesses', 'used_challenges']);
const REFUSALS = "('access.refused', 'refresh.refused', 'login.refused')";

let tables: Promise<readonly string[]> | undefined;

const tableNames = async (): Promise<readonly string[]> => {
  const sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf%' ESCAPE '\\'";
  const { results } = await env.DB.prepare(sql).all<{ name: string }>();
  return results.map(({ name }) => name).filter((name) => !LEFT_OUT.has(name));
};

/** The statements that empty every table. */
export async function forgettingAll(): Promise<readonly D1PreparedStatement[]> {
  tables ??= tableNames();
  const children = ['audit_events', 'sessions', 'session_endings', 'password_credentials', 'entities'];
  const ordered = [...children, ...(await tables).filter((name) => !children.includes(name) && name !== 'accounts')];
  return [...ordered, 'accounts'].map((table) => env.DB.prepare(`DELETE FROM ${table}`));
}

/** Everything that is stored now. */
export async function stored(): Promise<Readonly<Record<string, unknown>>> {
  tables ??= tableNames();
  const names = await tables;
  const rows = await env.DB.batch<object>(
    names.map((name) =>
      env.DB.prepare(`SELECT * FROM ${name}${name === 'audit_events' ? ` WHERE action NOT IN ${REFUSALS}` : ''}`),
    ),
  );
  const d1 = names.map((name, index) => [name, (rows[index]?.results ?? []).map(textOf).toSorted()] as const);
  const kv = await Promise.all(
    [env.CONFIG, env.REFRESH_TOKENS].map(async (namespace) => {
      const { keys } = await namespace.list();
      return Promise.all(keys.map(async ({ name }) => [name, await namespace.get(name)] as const));
    }),
  );
  return { ...Object.fromEntries(d1), kv };
}

const textOf = (row: object): string => JSON.stringify('last_used_at' in row ? { ...row, last_used_at: 0 } : row);
