// The demo accounts are made once, and leave what is there alone.
import { globSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { DEMO_ACCOUNTS, demoStatements } from '../../scripts/seed-accounts.ts';
import { root } from '../../scripts/wrangler.ts';

function migrated(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  for (const file of globSync('drizzle/*.sql', { cwd: root }).sort()) database.exec(readFileSync(root + file, 'utf8'));
  return database;
}

const seed = async (database: DatabaseSync, now: number) => {
  for (const statement of await demoStatements(now)) database.exec(statement);
};

it('makes every demo account with its event, and a second run changes nothing', async () => {
  const database = migrated();
  await seed(database, 1);
  const accounts = database.prepare('SELECT * FROM accounts ORDER BY id').all();
  const events = database.prepare('SELECT * FROM audit_events').all();
  expect(accounts.map(({ username, email, role }) => ({ username, email, role }))).toEqual(
    DEMO_ACCOUNTS.map(({ username, email, role }) => ({ username, email, role })),
  );
  expect(events.map(({ account_id }) => account_id)).toEqual(accounts.map(({ id }) => id));
  await seed(database, 2);
  expect(database.prepare('SELECT * FROM accounts ORDER BY id').all()).toEqual(accounts);
  expect(database.prepare('SELECT * FROM audit_events').all()).toEqual(events);
});

it('makes no admin of somebody who has the name already', async () => {
  const database = migrated();
  database.exec(`INSERT INTO accounts (email, email_key, password_hash, role, active, data, created_at, updated_at)
    VALUES ('demo-admin@example.com', 'demo-admin@example.com', 'theirs', 'user', 1, '{}', 1, 1)`);
  await seed(database, 2);
  const named = database
    .prepare("SELECT role, password_hash FROM accounts WHERE email_key = 'demo-admin@example.com'")
    .all();
  expect(named).toEqual([{ role: 'user', password_hash: 'theirs' }]);
  expect(database.prepare("SELECT count(*) AS admins FROM accounts WHERE role = 'admin'").get()).toEqual({ admins: 0 });
});
