// New accounts in D1: the account, its first session and the event are one transaction.
import { sql } from 'drizzle-orm';
import { foldKey, type Identity } from '../../domain/accounts/account.ts';
import type { NewAccount, Registrations } from '../../domain/accounts/registration.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { auditEach } from '../audit/events.ts';
import type { Database } from '../d1/database.ts';
import { accounts } from '../d1/schema.ts';
import { insertSession } from '../sessions/sessions.ts';
import { columnsOf, orNameTaken } from './accounts.ts';
import { ACCOUNT, accountFrom } from './row.ts';

export const registrationsIn = (database: Database): Registrations => ({
  async taken(identity) {
    const { usernameKey, emailKey } = keysOf(identity);
    const rows = await database.primary
      .select({ usernameKey: accounts.usernameKey })
      .from(accounts)
      .where(sql`${accounts.usernameKey} = ${usernameKey} OR ${accounts.emailKey} = ${emailKey}`);
    if (rows.length === 0) return undefined;
    return refuse(
      rows.some((row) => row.usernameKey !== null && row.usernameKey === usernameKey)
        ? 'username_taken'
        : 'email_taken',
    );
  },

  async add(account, session, act) {
    const db = database.primary;
    const { usernameKey, emailKey } = keysOf(account);
    const inserted = sql`FROM ${accounts} WHERE ${accounts.usernameKey} IS ${usernameKey} AND ${accounts.emailKey} IS ${emailKey}`;
    const insert = db.insert(accounts).values(rowOf(account, act.now)).returning(ACCOUNT);
    const event = auditEach(
      db,
      { action: 'account.registered', from: inserted, account: sql`${accounts.id}`, actor: sql`${accounts.id}` },
      act,
    );
    const opening = session ? [insertSession(db, session, inserted, act)] : [];
    const written = await orNameTaken(db.batch([insert, event, ...opening]));
    if (isRefusal(written)) return written;
    const [row] = written[0];
    if (!row) throw new Error('an insert returned no row');
    return accountFrom(row);
  },
});

const keysOf = ({ username, email }: Identity) => ({
  usernameKey: username === null ? null : foldKey(username),
  emailKey: email === null ? null : foldKey(email),
});

const rowOf = ({ passwordHash, data, ...identity }: NewAccount, now: number) => ({
  ...columnsOf(identity),
  passwordHash,
  role: 'user' as const,
  active: true,
  data: JSON.stringify(data),
  createdAt: now,
  updatedAt: now,
});
