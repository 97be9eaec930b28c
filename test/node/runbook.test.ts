// The statements of the runbook do what it says, on a database with every migration.
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { root } from '../../scripts/wrangler.ts';
import { blocksOf } from './support/markdown.ts';
import { type Database, migrated } from './support/migrated.ts';

const statements = blocksOf(readFileSync(`${root}docs/operations.md`, 'utf8'))
  .filter(({ language }) => language === 'sql')
  .flatMap(({ code }) => code.split(/;$/m).map((statement) => statement.trim()))
  .filter(Boolean);

/** The statement that is these words, or else the one that starts with them. */
const starting = (words: string): string => {
  if (statements.includes(words)) return words;
  const [found, another] = statements.filter((statement) => statement.startsWith(words));
  if (!found || another) throw new Error(`the runbook has not one statement that starts with ${words}`);
  return found;
};

let database: Database;
const count = (from: string) => Number(database.rows(`SELECT count(*) AS n FROM ${from}`)[0]?.n);

beforeAll(() => {
  database = migrated();
  database.write([
    `INSERT INTO accounts (id, username, username_key, password_hash, role, active, data, created_at, updated_at)
       VALUES (1, 'boss', 'boss', '', 'admin', 1, '{}', 0, 0), (2, 'ann', 'ann', '', 'user', 1, '{}', 0, 0)`,
    `INSERT INTO sessions (id, account_id, kind, created_at, last_used_at, expires_at)
       VALUES ('s1', 1, 'session', 0, 0, 9e15), ('s2', 2, 'session', 0, 0, 9e15)`,
    "UPDATE sessions SET revoked_at = 5 WHERE id = 's2'",
    `INSERT INTO one_time_tokens (id, purpose, account_id, email, email_key, requested, created_at, expires_at)
       VALUES ('t', 'reset_password', 2, 'a@b.c', 'a@b.c', 1, 0, 9e15)`,
    `INSERT INTO totp (account_id, box, created_at, confirmed_at, last_step, wrong_codes, tried_at)
       VALUES (1, 'v1.NEW_KID.iv.x', 0, 0, 0, 0, '[]'), (2, 'v1.OLD_KID.iv.x', 0, 0, 0, 0, '[]')`,
    `INSERT INTO recovery_codes (account_id, hash, created_at)
       VALUES (2, 'h', 0), (1, 'v1.NEW_KID.mac', 0), (2, 'v1.OLD_KID.mac', 0), (2, 'v1.OLD_KID.other', 0)`,
    `INSERT INTO audit_events (at, action, actor_id, account_id, detail) VALUES
       (unixepoch('2026-11-20 20:59') * 1000, 'account.role_changed', 1, 2, '{}'),
       (unixepoch('2026-11-20 21:00') * 1000, 'account.role_changed', 1, 2, '{}'),
       (unixepoch('2026-11-21') * 1000, 'login.succeeded', 2, 2, '{}'),
       (unixepoch('2026-11-21') * 1000, 'session.revoked', 2, 2, '{}'),
       (unixepoch('2026-11-21') * 1000, 'session.revoked', 1, 2, '{}')`,
  ]);
});

it('each runs', () => {
  expect(statements).toHaveLength(9);
  const scratch = migrated();
  for (const statement of statements) expect(() => scratch.rows(statement)).not.toThrow();
});

it('lists the admins, and what was done since the leak to accounts by others', () => {
  expect(database.rows(starting('SELECT id'))).toMatchObject([{ id: 1, username: 'boss' }]);
  const done = database.rows(starting('SELECT datetime(at'));
  expect(done.map(({ at, action }) => [at, action])).toEqual([
    ['2026-11-20 21:00:00', 'account.role_changed'],
    ['2026-11-21 00:00:00', 'session.revoked'],
  ]);
});

it('the accounts whose secret or recovery codes an old key made are found, and those codes go, and no others', () => {
  expect(database.rows(starting('SELECT account_id FROM totp'))).toEqual([{ account_id: 2 }]);
  expect(database.rows(starting('SELECT account_id, count(*)'))).toEqual([{ account_id: 2, codes: 2 }]);
  database.write([starting('DELETE FROM recovery_codes WHERE')]);
  expect(database.rows('SELECT hash FROM recovery_codes ORDER BY hash')).toEqual([
    { hash: 'h' },
    { hash: 'v1.NEW_KID.mac' },
  ]);
});

it('every session ends, once, and every mailed link, authenticator app and recovery code', () => {
  database.write(
    ['UPDATE sessions', 'UPDATE one_time_tokens', 'DELETE FROM recovery_codes', 'DELETE FROM totp'].map(starting),
  );
  expect(count('sessions WHERE revoked_at IS NULL')).toBe(0);
  expect(count('sessions WHERE revoked_at = 5')).toBe(1);
  expect(count('one_time_tokens WHERE ended_at IS NULL')).toBe(0);
  expect(count('totp') + count('recovery_codes')).toBe(0);
});
