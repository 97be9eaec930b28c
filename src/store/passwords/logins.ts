// Logins in D1: one query finds the account with its lock, one batch opens the session or counts the failure.
import { eq, type SQL, sql } from 'drizzle-orm';
import { foldKey, type Identifier } from '../../domain/accounts/account.ts';
import {
  FAILURES_BEFORE_LOCK,
  FIRST_LOCK_MS,
  LOCK_DOUBLINGS,
  LONGEST_LOCK_MS,
} from '../../domain/passwords/lockout.ts';
import type { LoginRecord, Logins } from '../../domain/sign-in/login.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { audit, auditEach } from '../audit/events.ts';
import type { Database } from '../d1/database.ts';
import { accounts, loginFailures } from '../d1/schema.ts';
import { insertSession } from '../sessions/sessions.ts';

export const loginsIn = (database: Database): Logins => ({
  find: (identifier, unknownSubject) => findLogin(database, isNamed(identifier), unknownSubject),

  findById: (accountId) => findLogin(database, eq(accounts.id, accountId), `unknown:${accountId}`),

  async open({ accountId, passwordHash, subject, rehash }, session, act) {
    const db = database.primary;
    const unlocked = sql`NOT EXISTS (SELECT 1 FROM ${loginFailures} WHERE ${loginFailures.subject} = ${subject}
      AND ${loginFailures.lockedUntil} > ${act.now})`;
    const stillTrue = sql`FROM ${accounts} WHERE ${accounts.id} = ${accountId} AND ${accounts.passwordHash} = ${passwordHash}
      AND ${accounts.active} = 1 AND ${unlocked}`;
    const detail = sql`json_object('session_id', ${session.id}, 'kind', ${session.kind})`;
    const statements = [
      auditEach(db, { action: 'login.succeeded', from: stillTrue, account: sql`${accounts.id}`, detail }, act),
      insertSession(db, session, stillTrue, act),
      db
        .delete(loginFailures)
        .where(sql`${loginFailures.subject} = ${subject} AND ${loginFailures.lockedUntil} <= ${act.now}`),
    ] as const;
    const hashIsStill = sql`${accounts.id} = ${accountId} AND ${accounts.passwordHash} = ${passwordHash}`;
    const [, opened] = await (rehash
      ? db.batch([...statements, db.update(accounts).set({ passwordHash: rehash }).where(hashIsStill)])
      : db.batch(statements));
    return opened.length > 0;
  },

  async countFailure(subject, accountId, act) {
    const db = database.primary;
    const locksNow = sql`FROM ${loginFailures} WHERE ${loginFailures.subject} = ${subject}
      AND ${loginFailures.count} + 1 >= ${FAILURES_BEFORE_LOCK} AND ${loginFailures.lockedUntil} <= ${act.now}`;
    const [, , counted, [row]] = await db.batch([
      audit(db, 'login.refused', accountId, act, { reason: 'invalid_credentials' }),
      auditEach(db, { action: 'account.locked', from: locksNow, account: sql`${accountId}` }, act),
      db
        .insert(loginFailures)
        .values({ subject, count: 1, lockedUntil: 0, lastAt: act.now })
        .onConflictDoUpdate({
          target: loginFailures.subject,
          set: { count: sql`${loginFailures.count} + 1`, lockedUntil: lockedUntil(act.now), lastAt: act.now },
          setWhere: sql`${loginFailures.lockedUntil} <= ${act.now}`,
        })
        .returning({ count: loginFailures.count }),
      db
        .select({ lockedUntil: loginFailures.lockedUntil })
        .from(loginFailures)
        .where(eq(loginFailures.subject, subject)),
    ]);
    return counted.length === 0 ? row : undefined;
  },

  async recordRefusal(accountId, reason, act) {
    await audit(database.primary, 'login.refused', accountId, act, { reason });
  },
});

const isNamed = (identifier: Identifier): SQL =>
  'email' in identifier
    ? sql`${accounts.emailKey} = ${foldKey(identifier.email)}`
    : sql`${accounts.usernameKey} = ${foldKey(identifier.username)}`;

async function findLogin(database: Database, condition: SQL, unknownSubject: string): Promise<LoginRecord> {
  const subject = sql<string>`coalesce('account:' || ${accounts.id}, ${unknownSubject})`;
  const [row] = await database.primary
    .select({
      account: ACCOUNT,
      passwordHash: accounts.passwordHash,
      subject: subject.as('subject'),
      lockedUntil: loginFailures.lockedUntil,
    })
    .from(sql`(SELECT 1) AS one`)
    .leftJoin(accounts, condition)
    .leftJoin(loginFailures, sql`${loginFailures.subject} = ${subject}`);
  const account = row?.account;
  return {
    account: account ? accountFrom(account) : undefined,
    passwordHash: row?.passwordHash ?? undefined,
    subject: row?.subject ?? unknownSubject,
    lockedUntil: row?.lockedUntil ?? 0,
  };
}

/** The failure that reaches the limit locks for the shortest time, each one after it for twice as long. */
const lockedUntil = (now: number): SQL => sql`CASE WHEN ${loginFailures.count} + 1 < ${FAILURES_BEFORE_LOCK} THEN 0 ELSE
  ${now} + min(${LONGEST_LOCK_MS}, ${FIRST_LOCK_MS} << min(${LOCK_DOUBLINGS}, ${loginFailures.count} + 1 - ${FAILURES_BEFORE_LOCK})) END`;
