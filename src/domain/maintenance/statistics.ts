// What the first admin page tells at a glance; every number is bounded in what it costs to know.

/** Rows a count looks at: beyond that it says "more than". */
export const COUNTED_TO = 10_000;
/** The latest sign-ins that the chart looks at. */
export const SIGN_INS_COUNTED = 20_000;
export const CHART_DAYS = 30;

export const DAY_MS = 24 * 60 * 60 * 1000;

export interface Counts {
  readonly accounts: number;
  readonly admins: number;
  readonly liveSessions: number;
  readonly entities: number;
}

/** Sign-ins of one day in UTC, `day` being its start in milliseconds. */
export interface DayOfSignIns {
  readonly day: number;
  readonly signIns: number;
}

export interface Glance {
  /** None is above `COUNTED_TO` + 1. */
  readonly counts: Counts;
  /** Oldest first, a day for each of the last `CHART_DAYS`. */
  readonly days: readonly DayOfSignIns[];
  /** The start of the first day that is counted whole; later than the first day where there were too many sign-ins to look at. */
  readonly wholeSince: number;
}

export interface Overview {
  glance(now: number): Promise<Glance>;
}

/** The start of the day in UTC. */
export const dayOf = (time: number): number => time - (time % DAY_MS);
