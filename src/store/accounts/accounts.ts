// Accounts in D1; liveness, names and the last admin are conditions of the writes themselves.
import { and, eq, isNotNull, type SQL, sql } from 'drizzle-orm';
import {
  type Account,
  type Accounts,
  foldKey,
  type IdentityChange,
  type NameTaken,
} from '../../domain/accounts/account.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import { type Database, type Db, violatedUnique } from '../d1/database.ts';
import { kept } from '../d1/prepared.ts';
import { accounts, sessions } from '../d1/schema.ts';
import { leaveEntities } from '../entities/account-removal.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const accountsIn = (database: Database): Accounts => ({
  active: (id) => findActive(database.nearest, id),
  activeNow: (id) => findActive(database.primary, id),

  async rename(id, change, act) {
    const db = database.primary;
    const condition = sql`${and(eq(accounts.id, id), eq(accounts.active, true), keepsAName(change))}`;
    const written = await orNameTaken(
      db.batch([
        auditEach(
          db,
          { action: 'account.updated', from: sql`FROM ${accounts} WHERE ${condition}`, account: sql`${accounts.id}` },
          act,
        ),
        db
          .update(accounts)
          .set({ ...columnsOf(change), updatedAt: act.now })
          .where(condition)
          .returning(ACCOUNT),
      ]),
    );
    if (isRefusal(written)) return written;
    const [row] = written[1];
    return row && accountFrom(row);
  },

  async remove(id, act) {
    const db = database.primary;
    const removable = sql`${accounts.id} = ${id} AND ${NOT_LAST_ADMIN} AND ${mayRemove(id, act.actorId)}`;
    const [, , , , , removed, kept] = await db.batch([
      auditEach(
        db,
        { action: 'account.deleted', from: sql`FROM ${accounts} WHERE ${removable}`, account: sql`${accounts.id}` },
        act,
      ),
      db
        .delete(sessions)
        .where(sql`${sessions.accountId} IN (SELECT ${accounts.id} FROM ${accounts} WHERE ${removable})`),
      ...leaveEntities(db, id, sql`EXISTS (SELECT 1 FROM ${accounts} WHERE ${removable})`, act.now),
      db.delete(accounts).where(removable).returning({ id: accounts.id }),
      db.select({ id: accounts.id }).from(accounts).where(sql`${accounts.id} = ${id} AND NOT ${NOT_LAST_ADMIN}`),
    ]);
    if (removed.length > 0) return 'removed';
    return kept.length > 0 ? 'last_admin' : 'gone';
  },
});

const activeById = kept(ACCOUNT, (db) =>
  db
    .select(ACCOUNT)
    .from(accounts)
    .where(and(eq(accounts.id, sql.placeholder('id')), eq(accounts.active, true))),
);

async function findActive(db: Db, id: number): Promise<Account | undefined> {
  const [row] = await activeById(db, { id });
  return row && accountFrom(row);
}

/** Whoever acts is the account itself or an admin, and active now: what their token or a replica says may be a moment old. */
const mayRemove = (id: number, actorId: number | null): SQL =>
  sql`EXISTS (SELECT 1 FROM ${accounts} AS actors WHERE actors.id = ${actorId} AND actors.active = 1 AND (actors.id = ${id} OR actors.role = 'admin'))`;

/** There is always an active admin once there was one. */
export const NOT_LAST_ADMIN = sql`(${accounts.role} <> 'admin' OR ${accounts.active} = 0
  OR (SELECT count(*) FROM ${accounts} AS admins WHERE admins.role = 'admin' AND admins.active = 1) > 1)`;

/** The columns that a change of names sets; a name is unique by its key. */
export function columnsOf({ username, email }: IdentityChange) {
  return {
    ...(username === undefined ? {} : { username, usernameKey: username === null ? null : foldKey(username) }),
    ...(email === undefined ? {} : { email, emailKey: email === null ? null : foldKey(email) }),
  };
}

/** What must hold for a change to leave the account a username or an email. */
export function keepsAName({ username, email }: IdentityChange): SQL | undefined {
  if (username === null && email === null) return sql`0`;
  if (username === null && email === undefined) return isNotNull(accounts.email);
  if (email === null && username === undefined) return isNotNull(accounts.username);
  return undefined;
}

/** Runs a write and words the unique index it ran into. */
export async function orNameTaken<T>(write: Promise<T>): Promise<T | NameTaken> {
  try {
    return await write;
  } catch (error) {
    const index = violatedUnique(error);
    if (index === 'accounts.username_key') return refuse('username_taken');
    if (index === 'accounts.email_key') return refuse('email_taken');
    throw error;
  }
}
