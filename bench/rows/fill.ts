// A database with many accounts: each has a password, a session, a recorded sign-in and an entity.
import type { DatabaseSync } from 'node:sqlite';
import { entityRows } from '../../scripts/entity-rows.ts';
import type { Server } from '../server.ts';
import { call, type Person } from '../subjects/client.ts';

export const SIZES = { small: 1_000, large: 1_000_000 } as const;

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than ended sessions and events are stored (domain/maintenance/cleanup.ts): the oldest of them are due. */
const [SESSION_DAYS, EVENT_DAYS] = [8, 91];
/** One in so many sessions ended long ago. */
const ENDED = 100;

export const ADMIN: Person = { email: 'admin@example.com', username: 'admin', password: 'secret of an admin' };

export async function addAdmin({ origin, miniflare }: Server): Promise<void> {
  await call(`${origin}/api/register`, ADMIN);
  await (await miniflare.getD1Database('DB')).exec(`UPDATE accounts SET role = 'admin'`);
}

/**
 * Fills the file of a stopped server that has one account, the admin. Indexes are built after all rows are inserted;
 * and statements do for all rows at once the work that triggers would do row by row.
 */
export function fillRows(db: DatabaseSync, count: number): void {
  db.exec(
    'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF; PRAGMA cache_size = -500000',
  );
  const dropped = db
    .prepare(`SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL`)
    .all();
  for (const { type, name } of dropped) db.exec(`DROP ${type} "${name}"`);
  db.exec('BEGIN');
  for (const statement of statementsFor(count, Date.now())) db.exec(statement);
  db.exec('COMMIT');
  for (const { sql } of dropped) db.exec(String(sql));
  db.exec('PRAGMA journal_mode = WAL');
}

function statementsFor(count: number, now: number): readonly string[] {
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${count})`;
  const owners = Array.from({ length: 100 }, (_, i) => i + 2);
  return [
    // Admins fill one page, whatever the number of accounts; one account in forty is deactivated.
    `INSERT INTO accounts (username, username_key, email, email_key, password_hash, role, active, data, created_at,
       updated_at)
     ${numbers} SELECT 'crowd' || i, 'crowd' || i, 'crowd' || i || '@example.com', 'crowd' || i || '@example.com',
       (SELECT hash FROM password_credentials), iif(i < 30, 'admin', 'user'), i % 40 <> 39, '{}', i, i FROM n`,
    `INSERT INTO password_credentials (account_id, hash) SELECT id, password_hash FROM accounts WHERE id > 1`,
    `INSERT INTO sessions (id, account_id, kind, token_hash, created_at, last_used_at, expires_at)
     ${numbers} SELECT lower(hex(randomblob(16))), i + 2, 'refresh', lower(hex(randomblob(32))), 0, 0,
       ${now} + iif(i % ${ENDED} = 0, -${SESSION_DAYS}, 30) * ${DAY_MS} FROM n`,
    `INSERT INTO audit_events (at, action, actor_id, account_id, detail)
     ${numbers} SELECT ${now - EVENT_DAYS * DAY_MS} + ${EVENT_DAYS * DAY_MS} * i / ${count},
       'login.succeeded', i + 2, i + 2, '{}' FROM n`,
    entityRows({ owners, highestId: 0, startMs: 0, endMs: now, count }, 0, count),
    // As the trigger of drizzle/0009 does it.
    `INSERT INTO entity_words (word, shelf, entity_id)
     SELECT DISTINCT term.value, place.value, entities.id FROM entities, json_each(words) AS field,
       json_each(field.value) AS term, json_each(iif(private, json_array(-1, owner_id), json_array(0))) AS place
     ORDER BY 1, 2, 3`,
    // The job that walks the sessions has seen all of these.
    `INSERT INTO job_positions (job, position) SELECT 'session-limits', max(rowid) FROM sessions`,
  ];
}
