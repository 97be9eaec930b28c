// Accounts as an admin finds and changes them: the last admin, and what is no change, stand in the WHERE.
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import { foldKey } from '../../domain/accounts/account.ts';
import type { AccountFilter, Administration, Standing } from '../../domain/accounts/administration.ts';
import { pageOf } from '../../domain/page.ts';
import { refuse } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts, sessions } from '../d1/schema.ts';
import { endStatements } from '../sessions/sessions.ts';
import { NOT_LAST_ADMIN } from './accounts.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const administrationIn = (database: Database): Administration => ({
  async find(id) {
    const [row] = await database.primary.select(ACCOUNT).from(accounts).where(eq(accounts.id, id));
    return row && accountFrom(row);
  },

  list: ({ q, ...filter }, after, limit) =>
    q ? found(database.primary, foldKey(q), filter, after, limit) : newest(database.primary, filter, after, limit),

  async names(ids) {
    const rows = await database.primary
      .select({ id: accounts.id, email: accounts.email, username: accounts.username })
      .from(accounts)
      .where(sql`${accounts.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)}))`);
    return new Map(rows.map(({ id, email, username }) => [id, email ?? username ?? `#${id}`]));
  },

  async change(id, standing, act) {
    const { role, active } = standing;
    const db = database.primary;
    const allowed = sql`${accounts.id} = ${id} AND ${guardOf(standing)}`;
    const turned = sql`FROM ${accounts} WHERE ${allowed} AND ${accounts.active} <> ${active === undefined ? accounts.active : Number(active)}`;
    const recast = sql`FROM ${accounts} WHERE ${allowed} AND ${accounts.role} <> ${role ?? accounts.role}`;
    // There are two roles, so a change to one is a change from the other.
    const detail = sql`${JSON.stringify({ from: role === 'admin' ? 'user' : 'admin', to: role })}`;
    const theirs = sql`${sessions.accountId} = ${id} AND ${active === false ? 1 : 0} AND EXISTS (SELECT 1 ${turned})`;
    const results = await db.batch([
      auditEach(db, { action: 'account.role_changed', from: recast, account: sql`${accounts.id}`, detail }, act),
      auditEach(
        db,
        { action: active ? 'account.activated' : 'account.deactivated', from: turned, account: sql`${accounts.id}` },
        act,
      ),
      ...endStatements(db, theirs, { action: 'session.revoked', reason: 'account_deactivated' }, act),
      db
        .update(accounts)
        .set({ ...standing, updatedAt: act.now })
        .where(sql`${allowed} AND (EXISTS (SELECT 1 ${turned}) OR EXISTS (SELECT 1 ${recast}))`),
      db.select(ACCOUNT).from(accounts).where(eq(accounts.id, id)),
    ]);
    const [row] = results[5];
    if (!row) return refuse('account_not_found');
    const changed = row.role === (role ?? row.role) && row.active === (active ?? row.active);
    return changed ? accountFrom(row) : refuse('last_admin');
  },
});

/** Only what takes an admin away can take the last one away. */
const guardOf = ({ role, active }: Standing): SQL => (role === 'user' || active === false ? NOT_LAST_ADMIN : sql`1`);

type Filter = Omit<AccountFilter, 'q'>;

/** Admins and inactive accounts are few and have indexes of their own, which only literals reach, and that of admins only with a state. */
const fits = ({ role, active }: Filter): SQL => {
  const state =
    active === undefined ? sql`${accounts.active} IN (0, 1)` : sql`${accounts.active} = ${sql.raw(active ? '1' : '0')}`;
  if (role === 'admin') return sql`${accounts.role} = 'admin' AND ${state}`;
  return sql`${role ? eq(accounts.role, role) : sql`1`} AND ${active === undefined ? sql`1` : state}`;
};

async function newest(db: Db, filter: Filter, after: string | undefined, limit: number) {
  const rows = await db
    .select(ACCOUNT)
    .from(accounts)
    .where(and(after === undefined ? undefined : sql`${accounts.id} < ${Number(after)}`, fits(filter)))
    .orderBy(desc(accounts.id))
    .limit(limit + 1);
  return pageOf(rows.map(accountFrom), limit, ({ id }) => String(id));
}

/** Above every name that starts as the prefix does: no code point follows this one. */
const endOf = (prefix: string): string => `${prefix}\u{10ffff}`;

/**
 * By the name that starts with `prefix`: the email, else the username. Usernames have no `@`, so no two of these names are equal.
 * Each index is read for one page at most, whatever the prefix finds.
 */
async function found(db: Db, prefix: string, filter: Filter, after: string | undefined, limit: number) {
  const starts = (key: typeof accounts.emailKey | typeof accounts.usernameKey, from: SQL) =>
    sql`${key} ${from} AND ${key} < ${endOf(prefix)}`;
  const from = after === undefined ? sql`>= ${prefix}` : sql`> ${after}`;
  const byEmail = starts(accounts.emailKey, sql`>= ${prefix}`);
  const name = sql<string>`CASE WHEN ${byEmail} THEN ${accounts.emailKey} ELSE ${accounts.usernameKey} END`.as('name');
  const page = (key: typeof accounts.emailKey | typeof accounts.usernameKey, condition: SQL) =>
    sql`SELECT id FROM (SELECT ${accounts.id} AS id FROM ${accounts} WHERE ${starts(key, from)} AND ${condition} AND ${fits(filter)}
      ORDER BY ${key} LIMIT ${limit + 1})`;
  const rows = await db
    .select({ ...ACCOUNT, name })
    .from(accounts)
    .where(
      sql`${accounts.id} IN (${page(accounts.emailKey, sql`1`)}
        UNION ALL ${page(accounts.usernameKey, sql`NOT coalesce(${byEmail}, 0)`)})`,
    )
    .orderBy(sql`name`)
    .limit(limit + 1);
  const { items, next } = pageOf(rows, limit, (row) => row.name);
  return { items: items.map(({ name: _, ...row }) => accountFrom(row)), next };
}
