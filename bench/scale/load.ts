// The load of a month and of its busiest hours: people who open an app, whose client refreshes while it is open.

export interface People {
  /** Accounts in all. */
  readonly accounts: number;
  /** The share of them that is active in a month, and on how many days. */
  readonly monthly: number;
  readonly days: number;
  readonly minutesPerVisit: number;
  /** Seconds between two refreshes while the app is open: the lifetime of an access token. */
  readonly refreshSeconds: number;
}

export const PEOPLE: Omit<People, 'accounts'> = { monthly: 1 / 3, days: 10, minutesPerVisit: 20, refreshSeconds: 30 };

/** How busy each hour of a day is, for people of one time zone; the sum is 24. */
const CURVE = [
  0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.2, 1.3, 1.3, 1.4, 1.5, 1.4, 1.3, 1.3, 1.3, 1.4, 1.6, 1.8, 1.9, 1.6, 0.9,
  0.4,
];
export const DAY_CURVE = CURVE.map((hour) => (hour * 24) / CURVE.reduce((sum, each) => sum + each, 0));

export interface Rates {
  readonly login: number;
  readonly refresh: number;
  readonly call: number;
}

const visitsPerDay = ({ accounts, monthly, days }: People): number => (accounts * monthly * days) / 30;
const refreshesPerVisit = ({ minutesPerVisit, refreshSeconds }: People): number =>
  (minutesPerVisit * 60) / refreshSeconds;

/** Operations in a month of 30 days. A session outlives the days between two visits; one visit in 30 logs in anew. */
export function monthOf(people: People): Rates {
  const visits = visitsPerDay(people) * 30;
  const refresh = visits * refreshesPerVisit(people);
  return { login: visits / 30, refresh, call: refresh };
}

/** Operations a second in an hour of the day. */
export function hourOf(people: People, hour: number): Rates {
  const share = (DAY_CURVE[hour] ?? 1) / 86_400;
  const visits = visitsPerDay(people) * share;
  const refresh = visits * refreshesPerVisit(people);
  return { login: visits / 30, refresh, call: refresh };
}

/**
 * Logins a second when everybody of a day logs in anew within an hour: after the loss of all sessions at the worst
 * time.
 */
export const everybodyPerSecond = (people: People): number => visitsPerDay(people) / 3_600;

export interface Queue {
  /** Milliseconds that nineteen of twenty waited at most. */
  readonly p95: number;
  /** Seconds from the start of the hour until nobody waited any more. */
  readonly drainedAfter: number;
}

const SAMPLED = 200_000;

/**
 * One thread that serves arrivals of a Poisson process one after the other for an hour. The hour is cut to `SAMPLED`
 * arrivals; a thread that cannot keep up drains its queue afterwards.
 */
export function queueFor(perSecond: number, serviceMs: number, random: () => number): Queue {
  if (perSecond === 0) return { p95: 0, drainedAfter: 0 };
  const seconds = Math.min(3_600, SAMPLED / perSecond);
  const waits: number[] = [];
  let [now, freeAt] = [0, 0];
  while (now < seconds * 1000) {
    now += (-Math.log(1 - random()) / perSecond) * 1000;
    const start = Math.max(now, freeAt);
    waits.push(start - now);
    freeAt = start + serviceMs;
  }
  const left = Math.max(0, freeAt - now) * (3_600 / seconds);
  const sorted = waits.sort((a, b) => a - b);
  return { p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, drainedAfter: left > 1_000 ? 3_600 + left / 1000 : 0 };
}
