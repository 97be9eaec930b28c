// Guesses at passwords in D1: one batch counts a guess, unless a lock forbids it, and loads the hash to compare it
// with.
import { eq, type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import {
  ACCOUNT_LOCK_MS,
  ACCOUNT_WINDOW_MS,
  FAILURES_BEFORE_ACCOUNT_LOCK,
  FAILURES_BEFORE_LOCK,
  FIRST_LOCK_MS,
  type Guess,
  LOCK_DOUBLINGS,
  LONGEST_LOCK_MS,
  type PasswordGuesses,
} from '../../domain/passwords/lockout.ts';
import { isNamed } from '../accounts/names.ts';
import { ACCOUNT, accountFrom } from '../accounts/row.ts';
import { auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { passwordGuesses } from '../d1/without-rowid.ts';
import { hasTotp } from '../factors/conditions.ts';
import { isKnownNetwork, networkIn } from './known-networks.ts';

export const guessesIn = (database: Database): PasswordGuesses => ({
  guessForLogin(identifier, unknownSubject, audit) {
    const account = isNamed(identifier);
    const id = sql`(SELECT ${accounts.id} FROM ${accounts} WHERE ${account})`;
    const subject = sql`coalesce('account:' || ${id}, ${unknownSubject})`;
    const source = { account, subject, network: networkIn(audit), accountLock: accountLock(id, subject, audit) };
    return guess(database.primary, source, audit);
  },

  guessForSession(accountId, sessionId, audit) {
    const account = sql`${accounts.id} = ${accountId} AND ${accounts.active} = 1`;
    const subject = sql`${`session:${sessionId}`}`;
    return guess(database.primary, { account, subject, network: '', accountLock: sql`0` }, audit);
  },

  async recordWrong({ account, locks }, audit) {
    const db = database.primary;
    const accountId = account?.id ?? null;
    await batchOf(db, {
      refused: auditEvent(db, 'login.refused', accountId, audit, { reason: 'invalid_credentials' }),
      locked: locks ? auditEvent(db, 'account.locked', accountId, audit) : undefined,
    });
  },
});

interface GuessSource {
  /** Finds the account. */
  readonly account: SQL;
  readonly subject: SQL;
  readonly network: string;
  /** Until when all networks but known ones are locked out; 0 for no lock. */
  readonly accountLock: SQL;
}

async function guess(db: Db, source: GuessSource, audit: AuditContext): Promise<Guess> {
  const { counted, found } = await batchOf(db, {
    found: db
      .select({
        account: ACCOUNT,
        passwordHash: passwordCredentials.hash,
        hasTotp: sql<number>`${hasTotp(accounts.id)}`.as('has_totp'),
        subject: sql<string>`${source.subject}`.as('subject'),
        pairLock: sql<number | null>`${pairLock(source)}`.as('pair_lock'),
        accountLock: sql<number>`${source.accountLock}`.as('account_lock'),
      })
      .from(sql`(SELECT 1) AS one`)
      .leftJoin(accounts, source.account)
      .leftJoin(passwordCredentials, eq(passwordCredentials.accountId, accounts.id)),
    counted: countGuess(db, source, audit.now),
  });
  const [row] = found;
  if (!row) throw new Error('a select of one row returned none');
  const [count] = counted;
  return {
    subject: row.subject,
    network: source.network,
    account: row.account ? accountFrom(row.account) : undefined,
    passwordHash: row.passwordHash ?? undefined,
    hasTotp: row.hasTotp === 1,
    lockedUntil: count ? undefined : Math.max(row.pairLock ?? 0, row.accountLock),
    locks: (count?.lockedUntil ?? 0) > audit.now,
  };
}

const pairLock = ({ subject, network }: GuessSource): SQL =>
  sql`(SELECT locked_until FROM password_guesses WHERE subject = ${subject} AND network = ${network})`;

/**
 * Counts the guess in the statement that looks for a lock, so that concurrent guesses see each other. The guess that
 * reaches the limit sets the lock before it is checked; if it is right, its sign-in deletes the row.
 */
function countGuess(db: Db, source: GuessSource, now: number) {
  const inWindow = sql`${passwordGuesses.windowStart} > ${now - ACCOUNT_WINDOW_MS}`;
  return db
    .insert(passwordGuesses)
    .select(
      sql`SELECT ${source.subject}, ${source.network}, 1, 0, ${now}, 1, ${now}
        WHERE coalesce(${pairLock(source)}, 0) <= ${now} AND ${source.accountLock} <= ${now}`,
    )
    .onConflictDoUpdate({
      target: [passwordGuesses.subject, passwordGuesses.network],
      set: {
        count: sql`${passwordGuesses.count} + 1`,
        lockedUntil: lockedUntil(now),
        lastAt: now,
        windowCount: sql`iif(${inWindow}, ${passwordGuesses.windowCount}, 0) + 1`,
        windowStart: sql`iif(${inWindow}, ${passwordGuesses.windowStart}, ${now})`,
      },
    })
    .returning({ lockedUntil: passwordGuesses.lockedUntil });
}

/** The guess that reaches the limit locks for the shortest time, each one after it for twice as long. */
const lockedUntil = (now: number): SQL => sql`CASE WHEN ${passwordGuesses.count} + 1 < ${FAILURES_BEFORE_LOCK} THEN 0
  ELSE ${now} + min(${LONGEST_LOCK_MS},
    ${FIRST_LOCK_MS} << min(${LOCK_DOUBLINGS}, ${passwordGuesses.count} + 1 - ${FAILURES_BEFORE_LOCK})) END`;

/** Too many guesses from all networks lock an account, but not for networks that signed in to it lately. */
const accountLock = (accountId: SQL, subject: SQL, audit: AuditContext): SQL => sql`iif(
  ${isKnownNetwork(accountId, audit)}, 0,
  (SELECT iif(sum(window_count) >= ${FAILURES_BEFORE_ACCOUNT_LOCK}, max(last_at) + ${ACCOUNT_LOCK_MS}, 0)
    FROM password_guesses WHERE subject = ${subject} AND window_start > ${audit.now - ACCOUNT_WINDOW_MS}))`;

/**
 * Takes back a guess at a password that was right but opened no session: the count is as if it had not been made, and
 * so is the lock, if this guess set it.
 */
export const giveBackGuess = (db: Db, { subject, network, locks }: Guess) =>
  db
    .update(passwordGuesses)
    .set({
      count: sql`max(0, ${passwordGuesses.count} - 1)`,
      windowCount: sql`max(0, ${passwordGuesses.windowCount} - 1)`,
      ...(locks ? { lockedUntil: 0 } : {}),
    })
    .where(sql`${passwordGuesses.subject} = ${subject} AND ${passwordGuesses.network} = ${network}`);

/** Clears the count of a guess that was right, where the condition holds that it was used. */
export const clearGuess = (db: Db, { subject, network }: Guess, happened: SQL = sql`1`) =>
  db
    .delete(passwordGuesses)
    .where(sql`${passwordGuesses.subject} = ${subject} AND ${passwordGuesses.network} = ${network} AND ${happened}`);
