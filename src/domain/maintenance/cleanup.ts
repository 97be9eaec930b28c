// What ended is kept for a while, and then removed a bounded number of rows at a time.
import { AUDIT_KEPT_DAYS } from '../audit/trail.ts';
import { FAILURES_FORGOTTEN_AFTER_MS } from '../passwords/lockout.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** How often a run is started: the cron trigger in wrangler.toml. */
export const RUNS_EVERY_MS = 10 * 60 * 1000;

/** How long each kind of remnant is kept once it has ended. */
export const KEPT_MS = {
  auditEvents: AUDIT_KEPT_DAYS * DAY_MS,
  /** Long enough for a spent token that comes back to be told from one that never was. */
  endedSessions: 7 * DAY_MS,
  loginFailures: FAILURES_FORGOTTEN_AFTER_MS,
  idempotencyKeys: DAY_MS,
} as const;

export type Remnant = keyof typeof KEPT_MS;

export const REMNANTS = Object.keys(KEPT_MS) as readonly Remnant[]; // the literal above has no other keys

/** Rows a statement removes at most: D1 does one thing at a time, and logins wait for it. */
export const ROWS_AT_ONCE = 500;
/** Statements for one kind in one run. */
const ROUNDS = 10;

export interface Housekeeping {
  /** Removes at most `ROWS_AT_ONCE` that ended before a time (milliseconds); answers how many. */
  remove(remnant: Remnant, before: number): Promise<number>;
}

export interface Tidied {
  readonly removed: number;
  /** Whether the run stopped at its bound; the next one goes on. */
  readonly more: boolean;
}

/** One run over every kind. */
export async function tidyUp(housekeeping: Housekeeping, now: number): Promise<Readonly<Record<Remnant, Tidied>>> {
  const tidied: [Remnant, Tidied][] = [];
  for (const remnant of REMNANTS) tidied.push([remnant, await tidy(housekeeping, remnant, now - KEPT_MS[remnant])]);
  return Object.fromEntries(tidied) as Record<Remnant, Tidied>; // an entry for each
}

async function tidy(housekeeping: Housekeeping, remnant: Remnant, before: number): Promise<Tidied> {
  let removed = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const rows = await housekeeping.remove(remnant, before);
    removed += rows;
    if (rows < ROWS_AT_ONCE) return { removed, more: false };
  }
  return { removed, more: true };
}
