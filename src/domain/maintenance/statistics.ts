// The statistics of the admin pages' overview. Every count is bounded, so that millions of rows cost no more.

/** The highest count; beyond it the page says "more than". */
export const MAX_COUNTED = 10_000;
/** The latest sign-ins that the chart counts. */
export const MAX_SIGN_INS_COUNTED = 20_000;
/** The newest sessions, among which live ones are counted. */
export const MAX_SESSIONS_SEEN = 50_000;
export const CHART_DAYS = 30;

export const DAY_MS = 24 * 60 * 60 * 1000;

export interface Counts {
  readonly accounts: number;
  readonly admins: number;
  readonly liveSessions: number;
  /** Whether there may be more live sessions than were counted: among those that are older. */
  readonly hasUnseenSessions: boolean;
  readonly entities: number;
}

/** The sign-ins of one day in UTC, which starts at `day` (milliseconds). */
export interface DayOfSignIns {
  readonly day: number;
  readonly signIns: number;
}

export interface CurrentStatistics {
  /** No number is above `MAX_COUNTED` + 1. */
  readonly counts: Counts;
  /** The last `CHART_DAYS` days, oldest first. */
  readonly days: readonly DayOfSignIns[];
  /** The start of the first day whose count is complete: later than the first day if there were too many sign-ins. */
  readonly completeSince: number;
}

export interface Statistics {
  current(now: number): Promise<CurrentStatistics>;
}

/** The start of the day in UTC. */
export const dayOf = (time: number): number => time - (time % DAY_MS);
