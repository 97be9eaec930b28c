// The days of the seeded month, in UTC and counted back from now: which are weekends, and which one is the busiest.
import { DAY_MS, dayOf } from '../../src/domain/maintenance/statistics.ts';
import type { Random } from './random.ts';

export const MINUTE_MS = 60 * 1000;
export const HOUR_MS = 60 * MINUTE_MS;
/** The days that the overview charts. */
export const MONTH_DAYS = 30;
/** The days of history: the first person signed up this many days ago. */
export const DAYS = 58;

export interface Calendar {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The start of a day, counted back from today. */
  daysAgo(days: number): number;
  /** A time of that day, as in 09:30:00.000. */
  on(days: number, time: string): number;
  minutesAgo(minutes: number): number;
  /** The start of the day with the most sign-ins, a weekday 9 to 13 days ago. */
  readonly busyDay: number;
  /** Registration is closed from the evening of the busy day until the next morning. */
  readonly closedFrom: number;
  readonly closedUntil: number;
}

const WEEKEND: readonly number[] = [0, 6];
const MIDWEEK: readonly number[] = [2, 3, 4];
const BUSY_DAY = 9;

export const isWeekend = (day: number): boolean => WEEKEND.includes(new Date(day).getUTCDay());

export function calendarAt(now: number): Calendar {
  const daysAgo = (days: number): number => dayOf(now) - days * DAY_MS;
  // Of any five days in a row, one at least is a Tuesday, Wednesday or Thursday.
  const candidates = Array.from({ length: 5 }, (_, index) => daysAgo(BUSY_DAY + index));
  const busyDay = candidates.find((day) => MIDWEEK.includes(new Date(day).getUTCDay())) ?? daysAgo(BUSY_DAY);
  return {
    now,
    daysAgo,
    on: (days, time) => timeOn(daysAgo(days), time),
    minutesAgo: (minutes) => Math.round(now - minutes * MINUTE_MS),
    busyDay,
    closedFrom: timeOn(busyDay, '20:41:17.302'),
    closedUntil: timeOn(busyDay + DAY_MS, '07:03:44.518'),
  };
}

const timeOn = (day: number, time: string): number => day + Date.parse(`1970-01-01T${time}Z`);

/** Relative numbers of visits in each hour of a day. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 9, 8, 9, 10, 10, 9, 8, 7, 6, 6, 5, 4, 3];

/** A random moment of a day, mostly during working hours. */
export const momentOf = (day: number, random: Random): number =>
  day + random.weighted(HOURS) * HOUR_MS + random.between(0, HOUR_MS - 1);
