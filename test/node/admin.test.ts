// The command line makes an admin of a new account, or of the account that an operator named, and of nobody else.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newAdminStatements, promotedAt, promotionStatements } from '../../scripts/admin-statements.ts';
import { root } from '../../scripts/wrangler.ts';
import { type Database, migrated } from './support/migrated.ts';

const NOW = 1_000_000;
const TABLES = ['accounts', 'password_credentials', 'audit_events', 'sessions', 'password_guesses', 'login_failures'];

const everything = (database: Database) => TABLES.map((table) => database.rows(`SELECT * FROM ${table}`));

/** Two people with a live, an ended and an expired session each, and with wrong passwords. */
function withPeople(): Database {
  const database = migrated();
  for (const [id, email] of [
    [7, 'Squatter@example.com'],
    [8, 'other@example.com'],
  ])
    database.write([
      `INSERT INTO accounts (id, email, email_key, password_hash, role, active, data, created_at, updated_at)
       VALUES (${id}, '${email}', lower('${email}'), 'theirs', 'user', 0, '{}', 1, 1)`,
      ...['live', 'ended', 'expired'].map(
        (state) => `INSERT INTO sessions (id, account_id, kind, created_at, last_used_at, expires_at, revoked_at)
          VALUES ('${state} ${id}', ${id}, 'session', 1, 1, ${state === 'expired' ? 5 : 2 * NOW},
            ${state === 'ended' ? 3 : 'NULL'})`,
      ),
      ...['192.0.2.1', '192.0.2.2'].map(
        (network) => `INSERT INTO password_guesses VALUES ('account:${id}', '${network}', 10, ${2 * NOW}, 1, 10, 1)`,
      ),
      `INSERT INTO login_failures VALUES ('account:${id}', 10, ${2 * NOW}, 1)`,
    ]);
  return database;
}

describe('a new admin', () => {
  it('is an active account with the password and one event', () => {
    const database = migrated();
    database.write(newAdminStatements("O'Neil@example.com", 'a hash', NOW));
    expect(
      database.rows(`SELECT email, email_key, verified_email_key, role, active, created_at, hash, password_hash
        FROM accounts JOIN password_credentials ON account_id = id`),
    ).toEqual([
      {
        email: "O'Neil@example.com",
        email_key: "o'neil@example.com",
        verified_email_key: "o'neil@example.com",
        role: 'admin',
        active: 1,
        created_at: NOW,
        hash: 'a hash',
        password_hash: 'a hash',
      },
    ]);
    expect(database.rows('SELECT at, action, actor_id, account_id, detail FROM audit_events')).toEqual([
      { at: NOW, action: 'account.registered', actor_id: null, account_id: 1, detail: '{"role":"admin"}' },
    ]);
  });

  it('is not made of an account that signed up with the email a moment before', () => {
    const database = withPeople();
    database.write(['DELETE FROM password_credentials']);
    const before = everything(database);
    expect(() => database.write(newAdminStatements('squatter@example.com', 'a hash', NOW))).toThrow('UNIQUE');
    expect(everything(database)).toEqual(before);
  });
});

describe('a promotion', () => {
  let database: Database;
  beforeEach(() => {
    database = withPeople();
  });

  it('makes the named account an active admin with the new password, without sessions or a lock', () => {
    database.write(promotionStatements({ id: 7, email: 'squatter@EXAMPLE.com' }, 'a hash', NOW));
    expect(
      database.rows(`SELECT role, active, updated_at, email_key = verified_email_key AS verified, hash, password_hash
        FROM accounts JOIN password_credentials ON account_id = id WHERE id = 7`),
    ).toEqual([{ role: 'admin', active: 1, updated_at: NOW, verified: 1, hash: 'a hash', password_hash: 'a hash' }]);
    expect(database.rows('SELECT id, revoked_at FROM sessions WHERE account_id = 7 ORDER BY id')).toEqual([
      { id: 'ended 7', revoked_at: 3 },
      { id: 'expired 7', revoked_at: NOW },
      { id: 'live 7', revoked_at: NOW },
    ]);
    for (const table of ['password_guesses', 'login_failures'])
      expect(database.rows(`SELECT * FROM ${table} WHERE subject = 'account:7'`)).toEqual([]);
  });

  it('records the role, the activation, the password and each session, with no account as the actor', () => {
    database.write(promotionStatements({ id: 7, email: 'squatter@example.com' }, 'a hash', NOW));
    const events = database.rows('SELECT at, action, actor_id, account_id, detail FROM audit_events ORDER BY id');
    const event = (action: string, detail = {}) => ({ action, detail: JSON.stringify(detail) });
    const revoked = (id: string) => event('session.revoked', { session_id: id, reason: 'password_changed' });
    expect(events.map(({ action, detail }) => ({ action, detail }))).toEqual([
      event('account.role_changed', { from: 'user', to: 'admin' }),
      event('account.activated'),
      event('password.changed'),
      revoked('live 7'),
      revoked('expired 7'),
    ]);
    for (const row of events) expect(row).toMatchObject({ at: NOW, actor_id: null, account_id: 7 });
    expect(database.rows(promotedAt({ id: 7, email: 'squatter@example.com' }, NOW))).toEqual([{ id: 3 }]);
  });

  it('records no change of role or status for an active admin', () => {
    database.write(["UPDATE accounts SET role = 'admin', active = 1"]);
    database.write(promotionStatements({ id: 7, email: 'squatter@example.com' }, 'a hash', NOW));
    const actions = database.rows('SELECT DISTINCT action FROM audit_events ORDER BY action');
    expect(actions).toEqual([{ action: 'password.changed' }, { action: 'session.revoked' }]);
  });

  it('gives a password to an account that has none', () => {
    database.write(['DELETE FROM password_credentials']);
    database.write(promotionStatements({ id: 7, email: 'squatter@example.com' }, 'a hash', NOW));
    expect(database.rows('SELECT * FROM password_credentials')).toEqual([{ account_id: 7, hash: 'a hash' }]);
  });

  it('changes no other account', () => {
    const others = () =>
      ['accounts WHERE id = 8', 'sessions WHERE account_id = 8', 'password_credentials WHERE account_id = 8']
        .concat(["password_guesses WHERE subject = 'account:8'", "login_failures WHERE subject = 'account:8'"])
        .map((rows) => database.rows(`SELECT * FROM ${rows}`));
    const before = others();
    database.write(promotionStatements({ id: 7, email: 'squatter@example.com' }, 'a hash', NOW));
    expect(others()).toEqual(before);
  });

  it.each([
    ['the id is another account', { id: 8, email: 'squatter@example.com' }],
    ['nobody has the id', { id: 9, email: 'squatter@example.com' }],
    ['the email has changed meanwhile', { id: 7, email: 'former@example.com' }],
  ])('does nothing where %s', (_, named) => {
    const before = everything(database);
    database.write(promotionStatements(named, 'a hash', NOW));
    expect(everything(database)).toEqual(before);
    expect(database.rows(promotedAt(named, NOW))).toEqual([]);
  });
});

describe('npm run admin', () => {
  const EMAIL = 'ada@example.com';
  let clone: string;

  beforeAll(() => {
    clone = mkdtempSync(join(tmpdir(), 'latchkey-admin-'));
    for (const path of ['scripts', 'src/domain', 'drizzle', 'package.json', 'wrangler.toml'])
      cpSync(root + path, join(clone, path), { recursive: true });
    symlinkSync(`${root}node_modules`, join(clone, 'node_modules'));
  });
  afterAll(() => rmSync(clone, { recursive: true, force: true }));

  /** Runs the script on a local database of its own, with `input` on stdin. */
  async function admin(args: readonly string[], input = '') {
    const env = { ...process.env, WRANGLER_LOG: 'log' };
    const child = spawn(process.execPath, ['scripts/admin.ts', ...args], { cwd: clone, stdio: 'pipe', env });
    const said = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        said[stream] += text;
      });
    child.stdin.on('error', () => {}).end(input);
    const [code] = await once(child, 'close');
    return { code, ...said };
  }

  function accounts() {
    const [file = ''] = globSync('.wrangler/state/v3/d1/*/*.sqlite', { cwd: clone }).filter(
      (name) => !name.endsWith('metadata.sqlite'),
    );
    const database = new DatabaseSync(join(clone, file), { readOnly: true });
    const rows = database
      .prepare('SELECT id, email, role, hash FROM accounts JOIN password_credentials ON account_id = id')
      .all();
    database.close();
    return rows;
  }

  it('makes a new admin, refuses an account that exists, and promotes the one that is named', async () => {
    const made = await admin(['--email', EMAIL], 'correct horse\n');
    expect(made).toEqual({ code: 0, stdout: `${EMAIL} is an admin now.\n`, stderr: '' });
    const [first] = accounts();
    expect(first).toMatchObject({ id: 1, email: EMAIL, role: 'admin' });

    const refused = await admin(['--email', 'ADA@example.com', '--promote', '2'], 'another horse\n');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/\bid +1\n +username +\(none\)\n +email +ada@example\.com\n/);
    expect(refused.stderr).toMatch(/signed up +\d{4}-\d\d-\d\dT/);
    expect(refused.stderr).toContain('npm run admin -- --email ADA@example.com --promote 1\n');
    expect(accounts()).toEqual([first]);

    const promoted = await admin(['--email', EMAIL, '--promote', '1']);
    expect(promoted).toMatchObject({ code: 0, stderr: '' });
    expect(promoted.stdout).toMatch(/^ada@example\.com is an admin now\.\n.*\nPassword \(shown this once\): \w{24}\n$/);
    const [after] = accounts();
    expect(after?.hash).not.toBe(first?.hash);
  }, 300_000); // nine starts of wrangler

  it.each([
    ['no email', []],
    ['a password as an argument', ['--email', EMAIL, '--password', 'correct horse']],
    ['an id that is no number', ['--email', EMAIL, '--promote', '1 OR 1']],
  ])('refuses %s, and starts nothing', async (_, args) => {
    const refused = await admin(args);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^admin: usage: /) });
    expect(refused.stderr).not.toContain('horse');
  });
});
