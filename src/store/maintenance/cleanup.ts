// Clean-up in D1: rows that have ended are removed along an index, a bounded number at a time.
import { type SQL, sql } from 'drizzle-orm';
import { type Cleanup, type CleanupKind, ROWS_PER_STATEMENT } from '../../domain/maintenance/cleanup.ts';
import type { Database } from '../d1/database.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { idempotencyKeys } from '../d1/schema/entities.ts';
import { totp } from '../d1/schema/factors.ts';
import { mails, oneTimeTokens } from '../d1/schema/mail.ts';
import { authorizationCodes } from '../d1/schema/oauth.ts';
import { usedChallenges } from '../d1/schema/passkeys.ts';
import { loginFailures } from '../d1/schema/passwords.ts';
import { importedRefreshTokens, knownNetworks, passwordGuesses } from '../d1/without-rowid.ts';
import { removeGames, removeGamesOfFormerOwners, unfinishedGames } from '../games/removal.ts';
import { endedSessionsIn } from './ended-sessions.ts';

interface Removal {
  readonly table:
    | typeof auditEvents
    | typeof passwordGuesses
    | typeof knownNetworks
    | typeof idempotencyKeys
    | typeof oneTimeTokens
    | typeof mails
    | typeof importedRefreshTokens
    | typeof usedChallenges
    | typeof totp
    | typeof loginFailures
    | typeof authorizationCodes;
  /** The rows to remove. */
  readonly where: (before: number) => SQL;
}

const LIMIT = sql`LIMIT ${ROWS_PER_STATEMENT}`;

/** Kinds that take more than one statement of one table. */
type OtherKind = 'endedSessions' | 'unfinishedGames' | 'gamesOfFormerOwners';

const REMOVALS: Readonly<Record<Exclude<CleanupKind, OtherKind>, Removal>> = {
  auditEvents: {
    table: auditEvents,
    where: (before) =>
      sql`${auditEvents.id} IN (SELECT id FROM ${auditEvents} WHERE ${auditEvents.at} < ${before} ${LIMIT})`,
  },
  passwordGuesses: {
    table: passwordGuesses,
    where: (before) => sql`(subject, network) IN (
      SELECT subject, network FROM password_guesses WHERE last_at < ${before} ${LIMIT})`,
  },
  knownNetworks: {
    table: knownNetworks,
    where: (before) => sql`(account_id, network) IN (
      SELECT account_id, network FROM known_networks WHERE last_at < ${before} ${LIMIT})`,
  },
  loginFailures: {
    table: loginFailures,
    where: (before) => sql`subject IN (SELECT subject FROM login_failures WHERE last_at < ${before} ${LIMIT})`,
  },
  importedTokens: {
    table: importedRefreshTokens,
    where: (before) => sql`token_hash IN (
      SELECT token_hash FROM imported_refresh_tokens WHERE expires_at < ${before} ${LIMIT})`,
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
  authorizationCodes: {
    table: authorizationCodes,
    where: (before) =>
      sql`rowid IN (SELECT rowid FROM ${authorizationCodes}
        WHERE ${authorizationCodes.expiresAt} < ${before} ${LIMIT})`,
  },
  pendingTotp: {
    table: totp,
    where: (before) => sql`account_id IN (
      SELECT account_id FROM totp WHERE confirmed_at IS NULL AND created_at < ${before} ${LIMIT})`,
  },
};

export function cleanupIn(database: Database): Cleanup {
  const db = database.primary;
  const removeEndedSessions = endedSessionsIn(db);
  return {
    async remove(kind, before) {
      if (kind === 'endedSessions') return removeEndedSessions(before);
      if (kind === 'unfinishedGames') return removeGames(db, unfinishedGames(before), ROWS_PER_STATEMENT);
      if (kind === 'gamesOfFormerOwners') return removeGamesOfFormerOwners(db, ROWS_PER_STATEMENT);
      const { table, where } = REMOVALS[kind];
      const { meta } = await db.delete(table).where(where(before));
      return { removed: meta.changes, more: meta.changes === ROWS_PER_STATEMENT };
    },
  };
}
