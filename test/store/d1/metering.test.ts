// Metering adds up what D1 bills, and never lets one column be read as another.
import { env } from 'cloudflare:workers';
import { eq, sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import { batchOf } from '../../../src/store/d1/batch.ts';
import { columnCount } from '../../../src/store/d1/column-count.ts';
import { openDatabase } from '../../../src/store/d1/database.ts';
import { metered } from '../../../src/store/d1/metering.ts';
import { prepare } from '../../../src/store/d1/prepared.ts';
import { accounts } from '../../../src/store/d1/schema/accounts.ts';
import { sessions } from '../../../src/store/d1/schema/sessions.ts';
import { intercepted } from '../../support/intercepted.ts';

const rows = { read: 0, written: 0 };
const { primary: db } = openDatabase(env.DB, undefined, {
  timed: (call) => call,
  count: ({ rows_read, rows_written }) => {
    rows.read += rows_read;
    rows.written += rows_written;
  },
});

beforeAll(async () => {
  await env.DB.prepare(
    `INSERT INTO accounts (id, username, password_hash, role, active, data, created_at, updated_at)
     VALUES (1, 'ben', '', 'user', 1, '{}', 1, 1)`,
  ).run();
  await env.DB.prepare(
    `INSERT INTO sessions (id, account_id, kind, created_at, last_used_at, expires_at)
       VALUES ('s', 1, 'session', 1, 1, 9)`,
  ).run();
});

const joined = () =>
  db
    .select({ sessionId: sessions.id, accountId: accounts.id, username: accounts.username })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId));

describe('a select of two columns of one name', () => {
  it('fails, where D1 would answer one of them and shift the others', async () => {
    await expect(joined()).rejects.toThrow();
    await expect(joined().execute()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('two columns have one name') },
    });
  });

  it('fails in a batch', async () => {
    await expect(batchOf(db, { joined: joined() })).rejects.toThrow('two columns have one name');
  });

  it('fails as a prepared statement', async () => {
    const fields = { sessionId: sessions.id, accountId: accounts.id };
    const statement = prepare(fields, (builder) =>
      builder.select(fields).from(sessions).innerJoin(accounts, eq(accounts.id, sessions.accountId)),
    );
    await expect(statement(db, {})).rejects.toThrow('have one name');
  });

  it('is right under different names', async () => {
    const named = db
      .select({
        sessionId: sessions.id,
        accountId: sql<number>`${accounts.id}`.as('account'),
        username: accounts.username,
      })
      .from(sessions)
      .innerJoin(accounts, eq(accounts.id, sessions.accountId));
    expect(await named).toEqual([{ sessionId: 's', accountId: 1, username: 'ben' }]);
  });
});

it.each([
  ['select "id", "name" from "t"', 2],
  ['select (select count(*), 1 from x) as "a", coalesce(b, \'c, d\') as "b" from "t" where "c" in (1, 2)', 2],
  ['insert into "t" ("a", "b") select 1, 2, 3 returning "id"', 1],
  ['update "t" set "a" = 1, "b" = 2 where "id" = (select 1, 2) returning "a", "b", "from"', 3],
])('counts the columns of %s', (statement, count) => {
  expect(columnCount(statement)).toBe(count);
});

it('adds up the rows of statements and of batches', async () => {
  Object.assign(rows, { read: 0, written: 0 });
  await db.select({ id: accounts.id }).from(accounts);
  expect(rows.read).toBe(1);
  await batchOf(db, {
    all: db.select({ id: accounts.id }).from(accounts),
    used: db.update(sessions).set({ lastUsedAt: 2 }).where(eq(sessions.id, 's')),
  });
  expect(rows.read).toBeGreaterThan(2);
  expect(rows.written).toBe(1);
});

it('answers a batch by the names of its statements, and leaves out undefined ones', async () => {
  const { second, first, none } = await batchOf(db, {
    none: undefined,
    first: db.select({ id: accounts.id }).from(accounts),
    second: db.select({ id: sessions.id }).from(sessions),
  });
  expect({ first, second, none }).toEqual({ first: [{ id: 1 }], second: [{ id: 's' }], none: undefined });
});

it('gives SQLite each bound value as an expression of the same type', async () => {
  const texts: unknown[] = [];
  const session = intercepted(env.DB.withSession(), (name, method) => (...args) => {
    if (name === 'prepare') texts.push(...args);
    return method(...args);
  });
  const statement = metered(session, { timed: (call) => call, count: () => {} }).prepare(
    'SELECT typeof(?) AS text, typeof(?) AS none LIMIT ?',
  );
  expect((await statement.bind('7', null, 1).all()).results).toEqual([{ text: 'text', none: 'null' }]);
  expect(texts).toEqual(['SELECT typeof(+?) AS text, typeof(+?) AS none LIMIT +?']);
});
