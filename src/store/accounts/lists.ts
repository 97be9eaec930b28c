// Lists of accounts for admins: the condition of a filter, and the matching accounts, newest first.
import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Account } from '../../domain/accounts/account.ts';
import type { AccountFilter } from '../../domain/accounts/administration.ts';
import { type Page, pageOf } from '../../domain/page.ts';
import type { Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export type Filter = Omit<AccountFilter, 'q'>;

/** The row of a deleted account may still be there. */
export const NOT_DELETED: SQL = sql`${accounts.deletedAt} IS NULL`;

/**
 * Partial indexes cover the few admins and inactive accounts. SQLite uses them for literals only, and that of admins
 * with a status only.
 */
export const matches = ({ role, active }: Filter): SQL => {
  const status =
    active === undefined ? sql`${accounts.active} IN (0, 1)` : sql`${accounts.active} = ${sql.raw(active ? '1' : '0')}`;
  if (role === 'admin') return sql`${accounts.role} = 'admin' AND ${status} AND ${NOT_DELETED}`;
  const isRole = role ? eq(accounts.role, role) : sql`1`;
  return sql`${isRole} AND ${active === undefined ? sql`1` : status} AND ${NOT_DELETED}`;
};

export async function listNewest(
  db: Db,
  filter: Filter,
  after: string | undefined,
  limit: number,
): Promise<Page<Account>> {
  const rows = await db
    .select(ACCOUNT)
    .from(accounts)
    .where(and(after === undefined ? undefined : sql`${accounts.id} < ${Number(after)}`, matches(filter)))
    .orderBy(desc(accounts.id))
    .limit(limit + 1);
  return pageOf(rows.map(accountFrom), limit, ({ id }) => String(id));
}
