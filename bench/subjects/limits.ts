// The limits of the runtime, each a route written by hand in workers/limits.ts.
import type { Secrets } from '../../scripts/key-set.ts';
import { signToken } from '../../src/domain/tokens/jwt.ts';
import { importKeys } from '../../src/domain/tokens/keys.ts';
import type { Server } from '../server.ts';
import type { Shot, Subject } from '../subject.ts';

const ROWS = 100;
const MADE_AT = Date.now();

/** Rows for the limits to read and write; the entities are what our own operations are measured with. */
export async function fillLimits({ miniflare }: Server): Promise<void> {
  const db = await miniflare.getD1Database('DB');
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${ROWS})`;
  await db.batch([
    db.prepare(
      'CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL DEFAULT 0)',
    ),
    db.prepare(`INSERT INTO notes (name) ${numbers} SELECT 'note ' || i FROM n`),
    db.prepare(
      `INSERT INTO accounts (username, username_key, email, email_key, password_hash, role, active, data, created_at, updated_at)
       ${numbers} SELECT 'u' || i, 'u' || i, 'u' || i || '@example.com', 'u' || i || '@example.com', '', 'user', 1, '{}', 0, 0 FROM n`,
    ),
    db.prepare(
      `INSERT INTO entities (code, type, quantity, attributes, private, owner_id, version, created_at, updated_at, words)
       ${numbers} SELECT lower(hex(randomblob(18))), 'bench', 1, '{"colour":"blue"}', 0, 1, 1, ${MADE_AT}, ${MADE_AT}, '{}' FROM n`,
    ),
  ]);
}

/** `CONNECTIONS` keeps workerd busy; more would only queue. Passwords keep it busy with fewer. */
export const CONNECTIONS = 8;
export const PASSWORD_CONNECTIONS = 4;
/** One client, this often a second: what goes on behind an answer is over before the next request. */
export const IDLE_RATE = 40;

const limit = (name: string, connections: number, shot: Subject['shot']): Subject => ({
  name,
  server: 'limits',
  connections,
  shot,
});
const get = (path: string): Shot => ({ method: 'GET', path });
const posting = (path: string, body: (i: number) => unknown): Shot => ({
  method: 'POST',
  path,
  senders: Array.from({ length: CONNECTIONS }, (_, i) => ({ body: JSON.stringify(body(i + 1)) })),
});

export function limitSubjects(secrets: Secrets, issuer: string): readonly Subject[] {
  const withToken = async (path: string): Promise<Shot> => {
    const keys = await importKeys(secrets.JWT_KEYS, secrets.SECRET_KEYS);
    const claims = (accountId: number) => ({ accountId, sessionId: crypto.randomUUID(), use: 'access' }) as const;
    const token = (_: unknown, i: number) => signToken({ name: issuer, keys }, claims(i + 1), 600, Date.now());
    const tokens = await Promise.all(Array.from({ length: CONNECTIONS }, token));
    return { ...get(path), senders: tokens.map((value) => ({ headers: { authorization: `Bearer ${value}` } })) };
  };
  return [
    limit('Hono JSON', CONNECTIONS, () => get('/json')),
    limit('verify', CONNECTIONS, () => withToken('/verify')),
    limit('verify + select', CONNECTIONS, () => withToken('/verify-select')),
    limit('select', CONNECTIONS, () => get('/select/7')),
    limit('select of an entity', CONNECTIONS, () => get('/entity/7')),
    limit('select of 20 entities', CONNECTIONS, () => get('/entities-20')),
    limit('insert', CONNECTIONS, () => posting('/insert', () => ({ name: '{n}' }))),
    limit('update returning', CONNECTIONS, () => posting('/update', (id) => ({ id }))),
    { ...limit('update returning, idle', 1, () => posting('/update', (id) => ({ id }))), rate: IDLE_RATE },
    limit('update returning + put', CONNECTIONS, () => posting('/update-put', (id) => ({ id }))),
    { ...limit('update returning + put, idle', 1, () => posting('/update-put', (id) => ({ id }))), rate: IDLE_RATE },
    limit('Argon2id', PASSWORD_CONNECTIONS, () => posting('/argon2', () => ({ password: 'correct horse' }))),
  ];
}
