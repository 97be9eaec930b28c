// Clean-up in D1: rows that have ended are removed along an index, a bounded number at a time.
import { type SQL, sql } from 'drizzle-orm';
import {
  CLEANUP_INTERVAL_MS,
  type Cleanup,
  type CleanupKind,
  ROWS_PER_STATEMENT,
} from '../../domain/maintenance/cleanup.ts';
import type { Database } from '../d1/database.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { idempotencyKeys } from '../d1/schema/entities.ts';
import { totp } from '../d1/schema/factors.ts';
import { mails, oneTimeTokens } from '../d1/schema/mail.ts';
import { usedChallenges } from '../d1/schema/passkeys.ts';
import { loginFailures } from '../d1/schema/passwords.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { passwordGuesses } from '../d1/without-rowid.ts';

/** The sessions that one run scans: a million take 17 hours. */
const SESSIONS_PER_RUN = 1000;

interface Removal {
  readonly table:
    | typeof auditEvents
    | typeof sessions
    | typeof passwordGuesses
    | typeof idempotencyKeys
    | typeof oneTimeTokens
    | typeof mails
    | typeof loginFailures
    | typeof usedChallenges
    | typeof totp;
  /** The rows to remove. */
  readonly where: (before: number) => SQL;
}

const LIMIT = sql`LIMIT ${ROWS_PER_STATEMENT}`;

const REMOVALS: Readonly<Record<CleanupKind, Removal>> = {
  auditEvents: {
    table: auditEvents,
    where: (before) =>
      sql`${auditEvents.id} IN (SELECT id FROM ${auditEvents} WHERE ${auditEvents.at} < ${before} ${LIMIT})`,
  },
  endedSessions: {
    table: sessions,
    where: (before) => {
      const window = sql`rowid BETWEEN ${windowStart(before)} AND ${windowStart(before)} + ${SESSIONS_PER_RUN - 1}`;
      const ended = sql`(${sessions.expiresAt} < ${before} OR ${sessions.revokedAt} < ${before})`;
      return sql`rowid IN (SELECT rowid FROM ${sessions} WHERE ${window} AND ${ended} ${LIMIT})`;
    },
  },
  passwordGuesses: {
    table: passwordGuesses,
    where: (before) => sql`(subject, network) IN (
      SELECT subject, network FROM password_guesses WHERE last_at < ${before} ${LIMIT})`,
  },
  loginFailures: {
    table: loginFailures,
    where: (before) => sql`subject IN (SELECT subject FROM login_failures WHERE last_at < ${before} ${LIMIT})`,
  },
  oneTimeTokens: {
    table: oneTimeTokens,
    where: (before) =>
      sql`id IN (SELECT id FROM ${oneTimeTokens} WHERE ${oneTimeTokens.expiresAt} < ${before} ${LIMIT})`,
  },
  mailsGivenUp: {
    table: mails,
    where: (before) => sql`id IN (SELECT id FROM ${mails} WHERE ${mails.givenUpAt} < ${before} ${LIMIT})`,
  },
  idempotencyKeys: {
    table: idempotencyKeys,
    where: (before) => sql`rowid IN (SELECT rowid FROM idempotency_keys WHERE created_at < ${before} ${LIMIT})`,
  },
  usedChallenges: {
    table: usedChallenges,
    where: (before) => sql`rowid IN (SELECT rowid FROM used_challenges WHERE expires_at < ${before} ${LIMIT})`,
  },
  pendingTotp: {
    table: totp,
    where: (before) => sql`account_id IN (
      SELECT account_id FROM totp WHERE confirmed_at IS NULL AND created_at < ${before} ${LIMIT})`,
  },
};

/**
 * An index on the ends of sessions would be written at every refresh; instead, each run scans the next window of rows.
 */
const windowStart = (before: number): SQL => {
  const run = Math.floor(before / CLEANUP_INTERVAL_MS);
  return sql`(SELECT ${run} % (1 + max(rowid) / ${SESSIONS_PER_RUN}) * ${SESSIONS_PER_RUN} FROM ${sessions})`;
};

export const cleanupIn = (database: Database): Cleanup => ({
  async remove(kind, before) {
    const { table, where } = REMOVALS[kind];
    const { meta } = await database.primary.delete(table).where(where(before));
    return meta.changes;
  },
});
