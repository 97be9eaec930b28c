// New accounts in D1: the account, its password, its first session and the event are one transaction.
import { sql } from 'drizzle-orm';
import type { NewAccount, Registrations } from '../../domain/accounts/registration.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { byPassword } from '../../domain/sessions/authentication.ts';
import { auditEach } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { insertSession } from '../sessions/opening.ts';
import { columnsOf, keysOf, orNameTaken } from './names.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const registrationsIn = (database: Database): Registrations => ({
  async taken(identity) {
    const { usernameKey, emailKey } = keysOf(identity);
    const rows = await database.primary
      .select({ usernameKey: accounts.usernameKey })
      .from(accounts)
      .where(sql`${accounts.usernameKey} = ${usernameKey} OR ${accounts.emailKey} = ${emailKey}`);
    if (rows.length === 0) return undefined;
    const isUsername = rows.some((row) => row.usernameKey !== null && row.usernameKey === usernameKey);
    return refuse(isUsername ? 'username_taken' : 'email_taken');
  },

  async add(account, session, audit) {
    const db = database.primary;
    const { usernameKey, emailKey } = keysOf(account);
    const from = sql`FROM ${accounts} WHERE ${accounts.usernameKey} IS ${usernameKey}
      AND ${accounts.emailKey} IS ${emailKey}`;
    const id = sql`${accounts.id}`;
    const written = await orNameTaken(
      batchOf(db, {
        added: db.insert(accounts).values(rowOf(account, audit.now)).returning(ACCOUNT),
        password: db.insert(passwordCredentials).select(sql`SELECT ${id}, ${account.passwordHash} ${from}`),
        event: auditEach(db, { action: 'account.registered', from, account: id, actor: id }, audit),
        session: session && insertSession(db, session, byPassword(audit.now).methods, from, audit),
      }),
    );
    if (isRefusal(written)) return written;
    const [row] = written.added;
    if (!row) throw new Error('an insert returned no row');
    return accountFrom(row);
  },
});

const rowOf = ({ passwordHash: _, data, ...identity }: NewAccount, now: number) => ({
  ...columnsOf(identity),
  passwordHash: '', // a trigger copies it from password_credentials
  role: 'user' as const,
  active: true,
  data: JSON.stringify(data),
  createdAt: now,
  updatedAt: now,
});
