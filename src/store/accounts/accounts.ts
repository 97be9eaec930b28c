// Accounts in D1. The authority, the last name and the last admin are conditions of the writes themselves.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Account, Accounts, IdentityChange } from '../../domain/accounts/account.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { EmailChangeMails } from '../../domain/email/change.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { emailChange, refuseBlocked } from '../email/change.ts';
import { detachEntities } from '../entities/account-removal.ts';
import { deleteFactors } from '../factors/removal.ts';
import { holds } from './conditions.ts';
import { columnsOf, keepsAName, nameChanges, orNameTaken } from './names.ts';
import { ACCOUNT, type AccountRow, accountFrom } from './row.ts';
import { auditUpdate } from './update-event.ts';

export const accountsIn = (database: Database): Accounts => ({
  findActive: async (id) => first(await activeById(database.nearest, { id })),

  async findAuthorized(authority, now) {
    const isActing = sql`${accounts.id} = ${authority.accountId} AND ${holds(authority, now)}`;
    return first(await database.primary.select(ACCOUNT).from(accounts).where(isActing));
  },

  rename: (change, mails, audit) => rename(database.primary, change, mails, audit),

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
      ...deleteFactors(db, id, isDeleted(id)),
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

async function rename(db: Db, change: IdentityChange, mails: EmailChangeMails, audit: AuthorizedContext) {
  const target = sql`${accounts.id} = ${audit.actorId} AND ${holds(audit.authority, audit.now)}
    AND ${keepsAName(change)}`;
  const email = change.email === undefined ? undefined : emailChange(db, change.email, mails, target, audit);
  const condition = sql`${target} AND ${email?.allowed ?? sql`1`}`;
  const written = await orNameTaken(
    batchOf(db, {
      event: auditUpdate(db, condition, nameChanges(change), audit),
      ...email?.statements,
      renamed: db
        .update(accounts)
        .set({ ...columnsOf(change), ...email?.columns, updatedAt: audit.now })
        .where(condition)
        .returning(ACCOUNT),
    }),
  );
  if (isRefusal(written)) return written;
  return first(written.renamed) ?? refuseBlocked(written.blocked ?? [], audit.now);
}

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
