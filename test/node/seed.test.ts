// A seed inserts demo accounts and a month of other people once, and leaves existing rows alone.
import { beforeAll, describe, expect, it } from 'vitest';
import { entityRows } from '../../scripts/entity-rows.ts';
import { DEMO_ACCOUNTS } from '../../scripts/seed/demo-accounts.ts';
import { seedStatements } from '../../scripts/seed/statements.ts';
import { DAY_MS } from '../../src/domain/maintenance/statistics.ts';
import { DEFAULT_SETTINGS } from '../../src/domain/settings/settings.ts';
import { type Database, migrated } from './support/migrated.ts';

const TABLES = ['accounts', 'password_credentials', 'audit_events', 'sessions', 'entities', 'password_guesses'];
const NOW = Date.UTC(2026, 10, 25, 15, 4, 12, 345);

const everything = (database: Database) => TABLES.map((table) => database.rows(`SELECT * FROM ${table}`));

const seed = async (database: Database, now: number) => database.write(await seedStatements(now));

const addSomebody = (database: Database, email: string) =>
  database.write([
    `INSERT INTO accounts (email, email_key, password_hash, role, active, data, created_at, updated_at)
     VALUES ('${email}', '${email}', 'theirs', 'user', 1, '{}', 1, 1)`,
  ]);

describe('a second run', () => {
  it.each([
    ['at once', 1],
    ['an hour later', DAY_MS / 24],
    ['a week later', 7 * DAY_MS],
  ])('%s changes nothing', async (_, later) => {
    const database = migrated();
    await seed(database, NOW);
    const before = everything(database);
    await seed(database, NOW + later);
    expect(everything(database)).toEqual(before);
  });
});

it('makes the same month at every first run, but for the salt of the password', async () => {
  const [one, other] = [migrated(), migrated()];
  await seed(one, NOW);
  await seed(other, NOW);
  for (const table of ['audit_events', 'sessions'])
    expect(one.rows(`SELECT * FROM ${table}`)).toEqual(other.rows(`SELECT * FROM ${table}`));
});

it('makes every demo account with its password and its event', async () => {
  const database = migrated();
  await seed(database, NOW);
  const rows = database.rows(`SELECT username, email, role, hash = password_hash AS copied,
      (SELECT count(*) FROM audit_events WHERE account_id = accounts.id) AS events
    FROM accounts JOIN password_credentials ON account_id = accounts.id
    ORDER BY accounts.id LIMIT ${DEMO_ACCOUNTS.length}`);
  expect(rows).toEqual(
    DEMO_ACCOUNTS.map(({ username, email, role }) => ({ username, email, role, copied: 1, events: 1 })),
  );
});

it('does not make an admin of an account that has the name already, and keeps its password', async () => {
  const database = migrated();
  addSomebody(database, 'demo-admin@example.com');
  await seed(database, NOW);
  expect(
    database.rows(`SELECT role, hash, (SELECT count(*) FROM audit_events WHERE account_id = accounts.id) AS events
      FROM accounts JOIN password_credentials ON account_id = accounts.id WHERE email_key = 'demo-admin@example.com'`),
  ).toEqual([{ role: 'user', hash: 'theirs', events: 0 }]);
});

it('writes nothing of the month where one of its accounts exists already', async () => {
  const full = migrated();
  await seed(full, NOW);
  const [last] = full.rows('SELECT email_key FROM accounts ORDER BY id DESC LIMIT 1');
  const database = migrated();
  addSomebody(database, String(last?.email_key));
  await seed(database, NOW);
  const [counts] = database.rows(`SELECT (SELECT count(*) FROM accounts) AS accounts,
    (SELECT count(*) FROM audit_events) AS events, (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM password_credentials WHERE hash = 'theirs') AS theirs`);
  const demo = DEMO_ACCOUNTS.length;
  expect(counts).toEqual({ accounts: demo + 1, events: demo, sessions: 0, theirs: 1 });
});

describe.each([
  ['a Monday, just after midnight', Date.UTC(2026, 10, 23, 0, 4)],
  ['a Wednesday afternoon', NOW],
  ['a Saturday evening of another year', Date.UTC(2027, 0, 2, 22, 30)],
])('the month until %s', (_, now) => {
  const database = migrated();
  const none = (sql: string) => expect(database.rows(sql)).toEqual([]);

  beforeAll(async () => {
    await seed(database, now);
    const entities = { owners: 'accounts', highestId: 0, startMs: now - 30 * DAY_MS, endMs: now, count: 200 } as const;
    database.write([entityRows(entities, 0, 200)]);
  });

  const signInsOfDays = () =>
    Array.from({ length: 30 }, (_, index) => {
      const start = now - (now % DAY_MS) - (29 - index) * DAY_MS;
      const [row] = database.rows(`SELECT count(*) AS n FROM audit_events
        WHERE action = 'login.succeeded' AND at >= ${start} AND at < ${start + DAY_MS}`);
      return { weekend: [0, 6].includes(new Date(start).getUTCDay()), signIns: Number(row?.n) };
    });
  const mean = (days: readonly { readonly signIns: number }[]) =>
    days.reduce((sum, { signIns }) => sum + signIns, 0) / days.length;

  it('has events and accounts in the order of their time, none in the future', () => {
    none(`SELECT * FROM (SELECT at, lag(at) OVER (ORDER BY id) AS previous FROM audit_events) WHERE at < previous`);
    none(`SELECT * FROM (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS previous FROM accounts)
      WHERE created_at < previous`);
    none(`SELECT * FROM (SELECT created_at, lag(created_at) OVER (ORDER BY id) AS previous FROM entities)
      WHERE created_at < previous`);
    none(`SELECT * FROM audit_events WHERE at > ${now}`);
    none(`SELECT * FROM accounts WHERE updated_at > ${now} OR updated_at < created_at`);
    none(`SELECT * FROM sessions WHERE last_used_at > min(${now}, coalesce(revoked_at, ${now}), expires_at)`);
  });

  it('has days that differ: fewer sign-ins at weekends, more towards the end, one day with the most', () => {
    const days = signInsOfDays();
    const weekdays = days.slice(0, -1).filter(({ weekend }) => !weekend);
    const half = weekdays.length / 2;
    expect(new Set(days.map(({ signIns }) => signIns)).size).toBeGreaterThan(8);
    expect(mean(days.filter(({ weekend }) => weekend))).toBeLessThan(0.8 * mean(weekdays));
    expect(mean(weekdays.slice(half))).toBeGreaterThan(1.2 * mean(weekdays.slice(0, half)));
    const around = days.slice(14, 24).filter(({ weekend }) => !weekend);
    const most = Math.max(...around.map(({ signIns }) => signIns));
    expect(most).toBeGreaterThan(1.4 * mean(around.filter(({ signIns }) => signIns < most)));
    expect(days.slice(0, -1).filter(({ signIns }) => signIns === 0)).toEqual([]);
  });

  it('has people who come back, on some days and not on others', () => {
    const people = database.rows(`SELECT count(DISTINCT at / ${DAY_MS}) AS days FROM audit_events
      WHERE action = 'login.succeeded' GROUP BY account_id`);
    expect(people.length).toBeGreaterThan(50);
    expect(people.filter(({ days }) => Number(days) >= 3).length).toBeGreaterThan(people.length / 2);
    expect(people.filter(({ days }) => Number(days) > 50)).toEqual([]);
  });

  it('has everybody sign up before anything else, with the known password', () => {
    none(`SELECT * FROM accounts WHERE (SELECT count(*) FROM audit_events
      WHERE account_id = accounts.id AND action = 'account.registered' AND at = created_at) <> 1`);
    none(`SELECT * FROM audit_events JOIN accounts ON accounts.id IN (account_id, actor_id) WHERE at < created_at`);
    none(`SELECT * FROM accounts WHERE id NOT IN (SELECT account_id FROM password_credentials)`);
  });

  it('has an event for each session and its end, and a session for each sign-in that has not ended', () => {
    none(`SELECT * FROM sessions WHERE NOT EXISTS (SELECT 1 FROM audit_events AS event
      WHERE action = 'login.succeeded' AND event.account_id = sessions.account_id AND actor_id = account_id
        AND detail = json_object('session_id', sessions.id, 'kind', kind) AND at = created_at
        AND event.ip = sessions.ip AND event.user_agent = sessions.user_agent)`);
    none(`SELECT * FROM sessions WHERE revoked_at IS NOT NULL AND (SELECT count(*) FROM audit_events
      WHERE action IN ('session.ended', 'session.revoked') AND detail ->> 'session_id' = sessions.id
        AND at = revoked_at) <> 1`);
    const day = `at > ${now - DAY_MS} AND action = 'login.succeeded'`;
    none(`SELECT * FROM audit_events WHERE ${day} AND detail ->> 'session_id' NOT IN (SELECT id FROM sessions)`);
    none(`SELECT * FROM sessions WHERE (kind = 'refresh') <> (token_hash IS NOT NULL)`);
    const [live] = database.rows(
      `SELECT count(*) AS n FROM sessions WHERE revoked_at IS NULL AND expires_at > ${now} AND created_at <= ${now}`,
    );
    expect(live?.n).toBeGreaterThan(15);
  });

  it('has what an admin would look for: a lock, a deactivation, changes of role, password and settings', () => {
    const [locked] = database.rows(`SELECT id, account_id, at FROM audit_events WHERE action = 'account.locked'`);
    const [wrong] = database.rows(`SELECT count(*) AS n FROM audit_events WHERE action = 'login.refused'
      AND account_id = ${locked?.account_id} AND id < ${locked?.id} AND at > ${Number(locked?.at) - DAY_MS / 24}`);
    expect(wrong?.n).toBe(10);
    none(`SELECT * FROM audit_events AS gone JOIN audit_events AS later USING (account_id)
      WHERE gone.action = 'account.deactivated' AND later.id > gone.id
        AND later.action IN ('login.succeeded', 'session.ended')`);
    none(`SELECT * FROM sessions JOIN accounts ON accounts.id = account_id WHERE active = 0 AND revoked_at IS NULL
      AND expires_at > ${now}`);
    const refused = database.rows(`SELECT DISTINCT detail ->> 'reason' AS reason FROM audit_events
      WHERE action = 'login.refused' ORDER BY reason`);
    expect(refused.map(({ reason }) => reason)).toEqual(['account_disabled', 'invalid_credentials']);
    const revoked = database.rows(`SELECT DISTINCT detail ->> 'reason' AS reason FROM audit_events
      WHERE action = 'session.revoked' ORDER BY reason`);
    expect(revoked.map(({ reason }) => reason)).toEqual(['account_deactivated', 'by_owner', 'password_changed']);
    expect(database.rows("SELECT count(*) AS admins FROM accounts WHERE role = 'admin'")).toEqual([{ admins: 3 }]);
    none(`SELECT * FROM audit_events WHERE action IN ('account.role_changed', 'account.deactivated', 'setting.changed')
      AND actor_id NOT IN (SELECT id FROM accounts WHERE role = 'admin')`);
  });

  it('ends with every setting at its default, since nobody has changed one', () => {
    const latest = database.rows(`SELECT detail ->> 'setting' AS setting, detail -> 'to' AS value, max(id)
      FROM audit_events WHERE action = 'setting.changed' GROUP BY setting`);
    expect(latest.length).toBeGreaterThan(0);
    for (const { setting, value } of latest)
      expect(DEFAULT_SETTINGS).toHaveProperty(String(setting), JSON.parse(String(value)));
  });

  it('has entities of many accounts that existed before them, a few of them private', () => {
    none(`SELECT * FROM entities LEFT JOIN accounts ON accounts.id = owner_id
      WHERE owner_id IS NULL OR accounts.created_at > entities.created_at OR active = 0`);
    const [counts] = database.rows(`SELECT count(DISTINCT owner_id) AS owners, sum(private) AS private,
      sum(version = 1 AND updated_at = created_at) AS untouched FROM entities`);
    expect(counts?.owners).toBeGreaterThan(20);
    expect(counts?.private).toBeGreaterThan(4);
    expect(counts?.untouched).toBeGreaterThan(20);
  });

  it('keeps to documentation addresses, and its foreign keys hold', () => {
    for (const table of ['audit_events', 'sessions'])
      none(`SELECT ip FROM ${table} WHERE ip NOT GLOB '192.0.2.*' AND ip NOT GLOB '198.51.100.*'
        AND ip NOT GLOB '203.0.113.*' AND ip NOT GLOB '2001:db8:*'`);
    none('PRAGMA foreign_key_check');
  });
});
