// Accounts as an admin finds and changes them. The last-admin rule and no-op detection are conditions of the UPDATE.
import { type SQL, sql } from 'drizzle-orm';
import type { Administration, RoleAndStatus } from '../../domain/accounts/administration.ts';
import { foldKey } from '../../domain/accounts/names.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { refuse } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { endAllSessions } from '../sessions/mass-ending.ts';
import { NOT_LAST_ADMIN } from './accounts.ts';
import { holds, refuseEnded, selectAuthority } from './conditions.ts';
import { listNewest, NOT_DELETED } from './lists.ts';
import { ACCOUNT, accountFrom } from './row.ts';
import { search } from './search.ts';

export const administrationIn = (database: Database): Administration => ({
  async find(id) {
    const [row] = await database.primary.select(ACCOUNT).from(accounts).where(isAccount(id));
    return row && accountFrom(row);
  },

  list: ({ q, ...filter }, after, limit) =>
    q ? search(database.primary, foldKey(q), filter, after, limit) : listNewest(database.primary, filter, after, limit),

  async names(ids) {
    const rows = await database.primary
      .select({ id: accounts.id, email: accounts.email, username: accounts.username })
      .from(accounts)
      .where(sql`${accounts.id} IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND ${NOT_DELETED}`);
    return new Map(rows.map(({ id, email, username }) => [id, email ?? username ?? `#${id}`]));
  },

  async change(id, change, audit) {
    const db = database.primary;
    const { account, authority } = await batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      ...changeStatements(db, id, change, audit),
      account: db.select(ACCOUNT).from(accounts).where(isAccount(id)),
    });
    const ended = refuseEnded(authority);
    if (ended) return ended;
    const [row] = account;
    if (!row) return refuse('account_not_found');
    const { role = row.role, active = row.active } = change;
    return row.role === role && row.active === active ? accountFrom(row) : refuse('last_admin');
  },
});

/** The change of an account with its events. An account that is deactivated loses its sessions. */
function changeStatements(db: Db, id: number, change: RoleAndStatus, audit: AuthorizedContext) {
  const { role, active } = change;
  const allowed = sql`${isAccount(id)} AND ${lastAdminRule(change)} AND ${holds(audit.authority, audit.now)}`;
  const otherStatus = active === undefined ? sql`0` : sql`${accounts.active} <> ${Number(active)}`;
  const otherRole = role === undefined ? sql`0` : sql`${accounts.role} <> ${role}`;
  const from = (condition: SQL) => sql`FROM ${accounts} WHERE ${allowed} AND ${condition}`;
  const account = sql`${accounts.id}`;
  const detail = sql`json_object('from', ${accounts.role}, 'to', ${role ?? null})`;
  const status = active ? 'account.activated' : 'account.deactivated';
  const deactivated = isDeactivatedBy(id, audit);
  const ending = { accountId: id, exceptId: null, condition: deactivated, reason: 'account_deactivated' } as const;
  return {
    roleEvent: auditEach(db, { action: 'account.role_changed', from: from(otherRole), account, detail }, audit),
    statusEvent: auditEach(db, { action: status, from: from(otherStatus), account }, audit),
    changed: db
      .update(accounts)
      .set({ ...change, updatedAt: audit.now })
      .where(sql`${allowed} AND (${otherStatus} OR ${otherRole})`),
    // After the update: it may end the acting admin's own session.
    ...(active === false ? endAllSessions(db, ending, audit) : {}),
  };
}

const isAccount = (id: number): SQL => sql`${accounts.id} = ${id} AND ${NOT_DELETED}`;

/**
 * Whether the event of this change exists: the change may have ended the right of its actor, so that is not checked
 * again.
 */
const isDeactivatedBy = (id: number, { actorId, now }: AuthorizedContext): SQL =>
  sql`EXISTS (SELECT 1 FROM ${auditEvents} WHERE ${auditEvents.at} = ${now} AND ${auditEvents.actorId} = ${actorId}
    AND +${auditEvents.accountId} = ${id} AND +${auditEvents.action} = 'account.deactivated')`;

/** The last-admin rule, which only a demotion or a deactivation can violate. */
const lastAdminRule = ({ role, active }: RoleAndStatus): SQL =>
  role === 'user' || active === false ? NOT_LAST_ADMIN : sql`1`;
