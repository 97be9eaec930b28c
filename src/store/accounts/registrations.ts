// New accounts in D1: the account, its password, its first session and the event are one transaction.
import { eq, type SQL, sql } from 'drizzle-orm';
import { foldKey } from '../../domain/accounts/names.ts';
import type { Invitation, NewAccount, Registrations } from '../../domain/accounts/registration.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { byPassword } from '../../domain/sessions/authentication.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { rowWhere } from '../d1/row-where.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { queueMail } from '../mail/queue.ts';
import { isReserved } from '../one-time-tokens/conditions.ts';
import { insertSession } from '../sessions/opening.ts';
import { holds, refuseEnded, selectAuthority } from './conditions.ts';
import { columnsOf, keysOf, orNameTaken } from './names.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const registrationsIn = (database: Database): Registrations => ({
  async taken(identity, now) {
    const { usernameKey, emailKey } = keysOf(identity);
    const has = (name: SQL) => sql<number>`EXISTS (SELECT 1 FROM ${accounts} WHERE ${name})`;
    const [taken] = await database.primary
      .select({
        username: has(eq(accounts.usernameKey, usernameKey ?? '')).as('username'),
        email: sql<number>`${has(eq(accounts.emailKey, emailKey ?? ''))} OR ${reserved(emailKey, now)}`.as('email'),
      })
      .from(sql`(SELECT 1)`);
    if (taken?.username) return refuse('username_taken');
    return taken?.email ? refuse('email_taken') : undefined;
  },

  async add(account, session, mail, audit) {
    const db = database.primary;
    const { usernameKey, emailKey } = keysOf(account);
    // Repeated by the statements that follow: without an insert, the names would find the account that has them.
    const isFree = sql`NOT ${reserved(emailKey, audit.now)}`;
    const from = sql`FROM ${accounts} WHERE ${accounts.usernameKey} IS ${usernameKey}
      AND ${accounts.emailKey} IS ${emailKey} AND ${isFree}`;
    const id = sql`${accounts.id}`;
    const written = await orNameTaken(
      batchOf(db, {
        added: db
          .insert(accounts)
          .select(rowWhere(accounts, rowOf(account, audit.now), isFree))
          .returning(ACCOUNT),
        password: db.insert(passwordCredentials).select(sql`SELECT ${id}, ${account.passwordHash} ${from}`),
        event: auditEach(db, { action: 'account.registered', from, account: id, actor: id }, audit),
        session: session && insertSession(db, session, byPassword(audit.now).methods, from, audit),
        ...queueMail(db, mail, { from }, audit),
      }),
    );
    if (isRefusal(written)) return written;
    const [row] = written.added;
    return row ? accountFrom(row) : refuse('email_taken');
  },

  invite: (invitation, audit) => invite(database.primary, invitation, audit),
});

async function invite(db: Db, { email, mail }: Invitation, audit: AuthorizedContext) {
  const emailKey = foldKey(email);
  const right = holds(audit.authority, audit.now);
  const allowed = sql`${right} AND NOT ${reserved(emailKey, audit.now)}`;
  const row = rowOf({ username: null, email, data: {} }, audit.now);
  const from = sql`FROM ${accounts} WHERE ${accounts.emailKey} = ${emailKey} AND ${allowed}`;
  const written = await orNameTaken(
    batchOf(db, {
      authority: selectAuthority(db, audit.authority, audit.now),
      added: db
        .insert(accounts)
        .select(rowWhere(accounts, row, allowed))
        .returning(ACCOUNT),
      event: auditEach(db, { action: 'account.registered', from, account: sql`${accounts.id}` }, audit),
      ...queueMail(db, mail, { from }, audit),
    }),
  );
  if (isRefusal(written)) return written;
  const [added] = written.added;
  return added ? accountFrom(added) : (refuseEnded(written.authority) ?? refuse('email_taken'));
}

/** Whether the address is one that another account may still take back. */
const reserved = (emailKey: string | null, now: number): SQL => isReserved(emailKey, sql`NULL`, now);

const rowOf = ({ username, email, data }: Omit<NewAccount, 'passwordHash'>, now: number) => ({
  ...columnsOf({ username, email }),
  passwordHash: '', // a trigger copies it from password_credentials
  role: 'user' as const,
  active: true,
  data: JSON.stringify(data),
  createdAt: now,
  updatedAt: now,
});
