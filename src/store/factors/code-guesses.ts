// Guesses at codes in D1: one statement counts a guess, unless too many were wrong lately, before it is checked.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import {
  CODE_WINDOW_MS,
  CODES_PER_WINDOW,
  type CodeGuesses,
  WRONG_CODES_END_PASSWORD,
} from '../../domain/factors/second-factor.ts';
import type { NewMail } from '../../domain/mail/mail.ts';
import { auditEach, auditEvent } from '../audit/events.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database, Db } from '../d1/database.ts';
import { recoveryCodes, totp } from '../d1/schema/factors.ts';
import { passwordCredentials } from '../d1/schema/passwords.ts';
import { queueMail } from '../mail/queue.ts';
import { giveBackGuess } from '../passwords/guesses.ts';
import { isConfirmed, ownerWhere } from './conditions.ts';

/** When the oldest guess was tried that the window may hold; null while it has room for more. */
const OLDEST_TRIED = sql`json_extract(${totp.triedAt}, ${`$[#-${CODES_PER_WINDOW}]`})`;

/** No account has this id: codes are checked beside the password of an account. */
const NOBODY = 0;

export const codeGuessesIn = (database: Database): CodeGuesses => ({
  async reserve(accountId, recoveryCodeHashes, now) {
    const db = database.primary;
    const hasRoom = sql`coalesce(${OLDEST_TRIED}, 0) <= ${now - CODE_WINDOW_MS}`;
    const { found, counted } = await batchOf(db, {
      found: selectCompared(db, accountId, recoveryCodeHashes),
      counted: db
        .update(totp)
        .set({ wrongCodes: sql`${totp.wrongCodes} + 1`, triedAt: withTry(now) })
        .where(sql`${isConfirmed(accountId)} AND ${hasRoom}`)
        .returning({ accountId: totp.accountId }),
    });
    const [row] = found;
    if (!row) return undefined;
    if (counted.length === 0) return { lockedUntil: (row.oldestTried ?? now) + CODE_WINDOW_MS };
    return { box: row.box, lastStep: row.lastStep, recoveryCodeHash: row.recoveryCodeHash };
  },

  async recordWrongCode({ password: { account, locks }, missingKeyId }, notice, audit) {
    const db = database.primary;
    const accountId = account?.id ?? NOBODY;
    const missing = missingKeyId === undefined ? {} : { missing_key: missingKeyId };
    if (missingKeyId !== undefined) console.warn({ event: 'key.missing', secret: 'SECRET_KEYS', kid: missingKeyId });
    const { ended } = await batchOf(db, {
      refused: auditEvent(db, 'login.refused', accountId, audit, { reason: 'invalid_second_factor', ...missing }),
      locked: locks ? auditEvent(db, 'account.locked', accountId, audit) : undefined,
      ...endGuessedPassword(db, accountId, notice, audit),
    });
    return ended.length > 0 ? 'password_ended' : 'counted';
  },

  async giveBack(guess, reason, audit) {
    const db = database.primary;
    await batchOf(db, {
      refused: auditEvent(db, 'login.refused', guess.account?.id ?? null, audit, { reason }),
      guess: giveBackGuess(db, guess),
    });
  },
});

/** The secret and the counts that a code is checked with. */
function selectCompared(db: Db, accountId: number, hashes: readonly string[]) {
  const isOneOfThem = sql`${recoveryCodes.hash} IN (SELECT value FROM json_each(${JSON.stringify(hashes)}))`;
  const theirs = sql`SELECT ${recoveryCodes.hash} FROM ${recoveryCodes}
    WHERE ${recoveryCodes.accountId} = ${accountId} AND ${isOneOfThem}`;
  return db
    .select({
      box: totp.box,
      lastStep: totp.lastStep,
      recoveryCodeHash: sql<string | null>`(${theirs})`.as('recovery_code_hash'),
      oldestTried: sql<number | null>`${OLDEST_TRIED}`.as('oldest_tried'),
    })
    .from(totp)
    .where(isConfirmed(accountId));
}

/** Ends a password beside which too many codes in a row were wrong. The next password starts with no wrong codes. */
function endGuessedPassword(db: Db, accountId: number, notice: NewMail | undefined, audit: AuditContext) {
  const isGuessed = sql`${totp.accountId} = ${accountId} AND ${totp.wrongCodes} >= ${WRONG_CODES_END_PASSWORD}`;
  const from = sql`FROM ${totp} WHERE ${isGuessed}`;
  const detail = sql`json_object('reason', 'invalid_second_factor')`;
  return {
    passwordEnded: auditEach(db, { action: 'account.locked', from, account: sql`${totp.accountId}`, detail }, audit),
    ...queueMail(db, notice, { from: ownerWhere(accountId, sql`EXISTS (SELECT 1 ${from})`) }, audit),
    password: db
      .delete(passwordCredentials)
      .where(sql`${passwordCredentials.accountId} = ${accountId} AND EXISTS (SELECT 1 ${from})`),
    ended: db.update(totp).set({ wrongCodes: 0 }).where(isGuessed).returning({ accountId: totp.accountId }),
  };
}

/** The times of the last guesses with this one: no more of them than the window may hold. */
const withTry = (now: number): SQL => sql`CASE WHEN json_array_length(${totp.triedAt}) < ${CODES_PER_WINDOW}
  THEN json_insert(${totp.triedAt}, '$[#]', ${now})
  ELSE json_insert(json_remove(${totp.triedAt}, '$[0]'), '$[#]', ${now}) END`;
