// Clean-up: rows that ended some time ago are removed, a bounded number of them at a time.
import { AUDIT_RETENTION_DAYS } from '../audit/trail.ts';
import { IDEMPOTENCY_RETENTION_MS } from '../entities/entity.ts';
import { PENDING_MS } from '../factors/factor.ts';
import { GIVEN_UP_AFTER_MS } from '../mail/outbox.ts';
import { FAILURES_FORGOTTEN_AFTER_MS, KNOWN_NETWORK_MS } from '../passwords/lockout.ts';
import type { Budget } from './budget.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How long each kind of row stays after it ended. */
export const RETENTION_MS = {
  auditEvents: AUDIT_RETENTION_DAYS * DAY_MS,
  /** Long enough to recognise a rotated token that comes back. */
  endedSessions: 7 * DAY_MS,
  passwordGuesses: FAILURES_FORGOTTEN_AFTER_MS,
  knownNetworks: KNOWN_NETWORK_MS,
  /** Rows of an earlier version. */
  loginFailures: FAILURES_FORGOTTEN_AFTER_MS,
  idempotencyKeys: IDEMPOTENCY_RETENTION_MS,
  /** Until its mail is given up: a link's lifetime starts when its mail is sent. */
  oneTimeTokens: GIVEN_UP_AFTER_MS + HOUR_MS,
  mailsGivenUp: 7 * DAY_MS,
  /** None: an expired challenge is refused for its age. */
  usedChallenges: 0,
  pendingTotp: PENDING_MS,
  /** Long enough to recognise a code that comes back. */
  authorizationCodes: 7 * DAY_MS,
  importedTokens: 0,
  /** Longer than any request that writes or removes a game, counted from the game's creation. */
  unfinishedGames: HOUR_MS,
  gamesOfFormerOwners: 0,
} as const;

export type CleanupKind = keyof typeof RETENTION_MS;

const CLEANUP_KINDS = Object.keys(RETENTION_MS) as readonly CleanupKind[]; // the literal above has no other keys

/** The most rows that one statement removes: D1 runs one statement at a time, and logins wait for it. */
export const ROWS_PER_STATEMENT = 500;

export interface Removed {
  readonly removed: number;
  /** Whether the next statement would remove more. */
  readonly more: boolean;
}

export interface Cleanup {
  /** Removes at most `ROWS_PER_STATEMENT` rows that ended before a time (milliseconds). */
  remove(kind: CleanupKind, before: number): Promise<Removed>;
}

export interface CleanupReport extends Readonly<Record<CleanupKind, number>> {
  /** Rows in all. */
  readonly removed: number;
  /** Whether the run stopped at its budget; the next run continues. */
  readonly behind: boolean;
}

/** One run: a statement of each kind in turn, while any kind has more and the budget lasts. */
export async function cleanUp(cleanup: Cleanup, now: number, budget: Budget): Promise<CleanupReport> {
  const counts = new Map<CleanupKind, number>();
  let unfinished = CLEANUP_KINDS;
  while (unfinished.length > 0) {
    const more: CleanupKind[] = [];
    for (const kind of unfinished) {
      if (!budget.take()) return reportOf(counts, true);
      const result = await cleanup.remove(kind, now - RETENTION_MS[kind]);
      counts.set(kind, (counts.get(kind) ?? 0) + result.removed);
      if (result.more) more.push(kind);
    }
    unfinished = more;
  }
  return reportOf(counts, false);
}

const reportOf = (counts: ReadonlyMap<CleanupKind, number>, behind: boolean): CleanupReport => ({
  removed: [...counts.values()].reduce((sum, count) => sum + count, 0),
  behind,
  ...byKind((kind) => counts.get(kind) ?? 0),
});

/** One value of each kind. */
const byKind = <T>(value: (kind: CleanupKind) => T) =>
  Object.fromEntries(CLEANUP_KINDS.map((kind) => [kind, value(kind)])) as Record<CleanupKind, T>; // of each kind one
