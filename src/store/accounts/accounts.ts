// Accounts in D1. The authority, the last name and the last admin are conditions of the writes themselves.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Account, Accounts } from '../../domain/accounts/account.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { detachEntities } from '../entities/account-removal.ts';
import { holds } from './conditions.ts';
import { changedColumns, keepsAName, orNameTaken } from './names.ts';
import { ACCOUNT, type AccountRow, accountFrom } from './row.ts';

export const accountsIn = (database: Database): Accounts => ({
  findActive: async (id) => first(await activeById(database.nearest, { id })),

  async findAuthorized(authority, now) {
    const isActing = sql`${accounts.id} = ${authority.accountId} AND ${holds(authority, now)}`;
    return first(await database.primary.select(ACCOUNT).from(accounts).where(isActing));
  },

  async rename(change, audit) {
    const db = database.primary;
    const condition = sql`${accounts.id} = ${audit.actorId} AND ${holds(audit.authority, audit.now)}
      AND ${keepsAName(change)}`;
    const from = sql`FROM ${accounts} WHERE ${condition}`;
    const written = await orNameTaken(
      batchOf(db, {
        event: auditEach(db, { action: 'account.updated', from, account: sql`${accounts.id}` }, audit),
        renamed: db
          .update(accounts)
          .set({ ...changedColumns(change), updatedAt: audit.now })
          .where(condition)
          .returning(ACCOUNT),
      }),
    );
    return isRefusal(written) ? written : first(written.renamed);
  },

  async remove(id, audit) {
    const db = database.primary;
    const mayAct =
      id === audit.actorId || audit.authority.role === 'admin' ? holds(audit.authority, audit.now) : sql`0`;
    const removable = sql`${accounts.id} = ${id} AND ${mayAct} AND ${NOT_LAST_ADMIN}`;
    const from = sql`FROM ${accounts} WHERE ${removable}`;
    const isLastAdmin = sql`${accounts.id} = ${id} AND ${mayAct} AND NOT ${NOT_LAST_ADMIN}`;
    const { lastAdmin, removed } = await batchOf(db, {
      lastAdmin: db.select({ id: accounts.id }).from(accounts).where(isLastAdmin),
      event: auditEach(db, { action: 'account.deleted', from, account: sql`${accounts.id}` }, audit),
      ...detachEntities(db, id, isDeleted(id), audit.now),
      sessions: db.delete(sessions).where(sql`${sessions.accountId} = ${id} AND ${isDeleted(id)}`),
      removed: db
        .delete(accounts)
        .where(sql`${accounts.id} = ${id} AND ${isDeleted(id)}`)
        .returning({ id: accounts.id }),
    });
    if (removed.length > 0) return 'removed';
    return lastAdmin.length > 0 ? 'last_admin' : 'not_found';
  },
});

/**
 * The event decides for the statements behind it: they end the very session that the authority may need. Ids are never
 * used again, so an account that exists has no such event unless this batch wrote it.
 */
const isDeleted = (id: number): SQL =>
  sql`EXISTS (SELECT 1 FROM ${auditEvents} WHERE ${auditEvents.accountId} = ${id}
    AND ${auditEvents.action} = 'account.deleted')`;

const activeById = prepare(ACCOUNT, (db) =>
  db
    .select(ACCOUNT)
    .from(accounts)
    .where(and(eq(accounts.id, sql.placeholder('id')), eq(accounts.active, true))),
);

const first = ([row]: readonly AccountRow[]): Account | undefined => row && accountFrom(row);

/** There is always an active admin once there was one. */
export const NOT_LAST_ADMIN: SQL = sql`(${accounts.role} <> 'admin' OR ${accounts.active} = 0
  OR (SELECT count(*) FROM ${accounts} AS admins WHERE admins.role = 'admin' AND admins.active = 1) > 1)`;
