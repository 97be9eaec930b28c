// Clean-up: what has ended is kept for a while and then removed, a bounded number of rows at a time.
import { AUDIT_RETENTION_DAYS } from '../audit/trail.ts';
import { IDEMPOTENCY_RETENTION_MS } from '../entities/entity.ts';
import { PENDING_MS } from '../factors/factor.ts';
import { FAILURES_FORGOTTEN_AFTER_MS } from '../passwords/lockout.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How often a run starts: the period of the cron trigger in wrangler.toml. */
export const CLEANUP_INTERVAL_MS = 60 * 1000;

/** How long each kind of row is kept after it ended. */
export const RETENTION_MS = {
  auditEvents: AUDIT_RETENTION_DAYS * DAY_MS,
  /** Long enough to recognise a rotated token that comes back. */
  endedSessions: 7 * DAY_MS,
  passwordGuesses: FAILURES_FORGOTTEN_AFTER_MS,
  /** What the version before wrote. */
  loginFailures: FAILURES_FORGOTTEN_AFTER_MS,
  idempotencyKeys: IDEMPOTENCY_RETENTION_MS,
  /** Long enough to count how many were asked for. */
  oneTimeTokens: HOUR_MS,
  mailsGivenUp: 7 * DAY_MS,
  /** An expired challenge is refused for its age. */
  usedChallenges: 0,
  pendingTotp: PENDING_MS,
} as const;

export type CleanupKind = keyof typeof RETENTION_MS;

export const CLEANUP_KINDS = Object.keys(RETENTION_MS) as readonly CleanupKind[]; // the literal above has no other keys

/** The most rows that one statement removes: D1 runs one statement at a time, and logins wait for it. */
export const ROWS_PER_STATEMENT = 500;
const STATEMENTS_PER_KIND = 10;

export interface Cleanup {
  /** Removes at most `ROWS_PER_STATEMENT` rows that ended before a time (milliseconds), and returns their number. */
  remove(kind: CleanupKind, before: number): Promise<number>;
}

export interface CleanupResult {
  readonly removed: number;
  /** Whether the run stopped at its limit; the next run continues. */
  readonly unfinished: boolean;
}

/** One run over every kind. */
export async function cleanUp(cleanup: Cleanup, now: number): Promise<Readonly<Record<CleanupKind, CleanupResult>>> {
  const results: [CleanupKind, CleanupResult][] = [];
  for (const kind of CLEANUP_KINDS) results.push([kind, await cleanUpKind(cleanup, kind, now - RETENTION_MS[kind])]);
  return Object.fromEntries(results) as Record<CleanupKind, CleanupResult>; // an entry for each
}

async function cleanUpKind(cleanup: Cleanup, kind: CleanupKind, before: number): Promise<CleanupResult> {
  let removed = 0;
  for (let statement = 0; statement < STATEMENTS_PER_KIND; statement += 1) {
    const rows = await cleanup.remove(kind, before);
    removed += rows;
    if (rows < ROWS_PER_STATEMENT) return { removed, unfinished: false };
  }
  return { removed, unfinished: true };
}
