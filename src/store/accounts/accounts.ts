// Accounts in D1. The authority, the last name and the last admin are conditions of the writes themselves.
import { and, eq, type SQL, sql } from 'drizzle-orm';
import type { Account, Accounts, IdentityChange } from '../../domain/accounts/account.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import type { EmailChangeMails } from '../../domain/email/change.ts';
import { purgeInPassing } from '../../domain/maintenance/purging.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db, Defer } from '../d1/database.ts';
import { prepare } from '../d1/prepared.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { emailChange, refuseBlocked } from '../email/change.ts';
import { deleteTotp } from '../factors/removal.ts';
import { queueMail } from '../mail/queue.ts';
import { holds, isBeingDeleted } from './conditions.ts';
import { columnsOf, keepsAName, nameChanges, orNameTaken } from './names.ts';
import { purgeStatements, purgingIn } from './purge.ts';
import { ACCOUNT, type AccountRow, accountFrom } from './row.ts';
import { auditUpdate } from './update-event.ts';

export const accountsIn = (database: Database, defer: Defer): Accounts => ({
  findActive: async (id) => first(await activeById(database.nearest, { id })),

  async findAuthorized(authority, now) {
    const isActing = sql`${accounts.id} = ${authority.accountId} AND ${holds(authority, now)}`;
    return first(await database.primary.select(ACCOUNT).from(accounts).where(isActing));
  },

  rename: (change, mails, audit) => rename(database.primary, change, mails, audit),

  async remove(id, audit, notice) {
    const db = database.primary;
    const mayAct =
      id === audit.actorId || audit.authority.role === 'admin' ? holds(audit.authority, audit.now) : sql`0`;
    const removable = sql`${accounts.id} = ${id} AND ${accounts.deletedAt} IS NULL AND ${mayAct}`;
    const { lastAdmin, deleted, account } = await batchOf(db, {
      lastAdmin: db.select({ id: accounts.id }).from(accounts).where(sql`${removable} AND NOT ${NOT_LAST_ADMIN}`),
      ...queueMail(db, notice, { from: sql`FROM ${accounts} WHERE ${removable} AND ${NOT_LAST_ADMIN}` }, audit),
      ...deletionStatements(db, id, sql`${removable} AND ${NOT_LAST_ADMIN}`, audit),
      ...purgeStatements(db, id, audit.now),
    });
    if (deleted.length > 0 && account.length === 0) defer(() => purgeInPassing(purgingIn(database), id, audit.now));
    if (deleted.length > 0) return 'removed';
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
 * Hides the account from every query: frees its names, removes its password and authenticator app, and ends its tokens,
 * since it is inactive. The purge removes its other rows.
 */
function deletionStatements(db: Db, id: number, condition: SQL, audit: AuthorizedContext) {
  const event = {
    action: 'account.deleted',
    from: sql`FROM ${accounts} WHERE ${condition}`,
    account: sql`${id}`,
  } as const;
  const deleted = isBeingDeleted(sql`${id}`);
  return {
    event: auditEach(db, event, audit),
    deleted: db
      .update(accounts)
      .set({ ...columnsOf({ username: null, email: null }), ...EMPTIED, updatedAt: audit.now, deletedAt: audit.now })
      .where(condition)
      .returning({ id: accounts.id }),
    password: db.delete(passwordCredentials).where(sql`${passwordCredentials.accountId} = ${id} AND ${deleted}`),
    ...deleteTotp(db, id, deleted),
  };
}

const EMPTIED = { role: 'user', active: false, data: '{}', verifiedEmailKey: null } as const;

const activeById = prepare(ACCOUNT, (db) =>
  db
    .select(ACCOUNT)
    .from(accounts)
    .where(and(eq(accounts.id, sql.placeholder('id')), eq(accounts.active, true))),
);

const first = ([row]: readonly AccountRow[]): Account | undefined => row && accountFrom(row);

/** The last active admin can neither be deleted, demoted nor deactivated. */
export const NOT_LAST_ADMIN: SQL = sql`(${accounts.role} <> 'admin' OR ${accounts.active} = 0
  OR (SELECT count(*) FROM ${accounts} AS admins WHERE admins.role = 'admin' AND admins.active = 1) > 1)`;
