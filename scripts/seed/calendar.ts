// The days of the seeded month, in UTC and counted back from now: which are weekends, and which one is the busiest.
import { DAY_MS, dayOf } from '../../src/domain/maintenance/statistics.ts';
import type { Random } from './random.ts';

export const MINUTE_MS = 60 * 1000;
export const HOUR_MS = 60 * MINUTE_MS;
/** What the overview shows. */
export const MONTH_DAYS = 30;
/** The first people signed up this long ago. */
export const DAYS = 58;

export interface Calendar {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The start of the day that was so many days ago. */
  daysAgo(days: number): number;
  /** The start of a weekday on which many come, about ten days ago. */
  readonly busyDay: number;
  /** Nobody could sign up from the evening of the busy day to the morning after. */
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
    busyDay,
    closedFrom: timeOn(busyDay, '20:41:17.302'),
    closedUntil: timeOn(busyDay + DAY_MS, '07:03:44.518'),
  };
}

/** A time of day, as in 09:30:00.000. */
export const timeOn = (day: number, time: string): number => day + Date.parse(`1970-01-01T${time}Z`);

/** How many come in each hour of a day. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 10, 11, 10, 9, 8, 9, 10, 10, 9, 8, 7, 6, 6, 5, 4, 3];

/** A moment of the day when people are awake. */
export const momentOf = (day: number, random: Random): number =>
  day + random.weighted(HOURS) * HOUR_MS + random.between(0, HOUR_MS - 1);
