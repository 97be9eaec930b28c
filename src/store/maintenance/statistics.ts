// Counts for the overview, from the nearest replica: each stops counting at a bound, so millions of rows cost no more.
import { sql } from 'drizzle-orm';
import {
  CHART_DAYS,
  COUNTED_TO,
  DAY_MS,
  type DayOfSignIns,
  dayOf,
  type Overview,
  SIGN_INS_COUNTED,
} from '../../domain/maintenance/statistics.ts';
import type { Database } from '../d1/database.ts';
import { accounts, auditEvents, entities, sessions } from '../d1/schema.ts';

/** As text: a bound number is a float, whose division is another. */
const DAY = sql.raw(String(DAY_MS));

interface Row {
  readonly day: number;
  readonly signIns: number;
  /** The earliest of them. */
  readonly since: number;
}

export const overviewIn = (database: Database): Overview => ({
  async glance(now) {
    const db = database.nearest;
    const counted = (from: ReturnType<typeof sql>) =>
      sql<number>`(SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${COUNTED_TO + 1}))`;
    const [[counts], rows] = await Promise.all([
      db
        .select({
          accounts: counted(sql`${accounts}`).as('accounts'),
          admins: counted(sql`${accounts} WHERE role = 'admin' AND active = 1`).as('admins'),
          liveSessions: counted(sql`${sessions} WHERE expires_at > ${now} AND revoked_at IS NULL`).as('live_sessions'),
          entities: counted(sql`${entities}`).as('entities'),
        })
        .from(sql`(SELECT 1)`),
      db
        .select({
          day: sql<number>`at / ${DAY} * ${DAY}`.as('day'),
          signIns: sql<number>`count(*)`.as('sign_ins'),
          since: sql<number>`min(at)`.as('since'),
        })
        .from(
          sql`(SELECT at FROM ${auditEvents} WHERE action = 'login.succeeded' ORDER BY id DESC LIMIT ${SIGN_INS_COUNTED})`,
        )
        .where(sql`at >= ${firstDay(now)}`)
        .groupBy(sql`day`),
    ]);
    if (!counts) throw new Error('a count returned no row');
    return { counts, days: daysOf(rows, now), wholeSince: wholeSince(rows, now) };
  },
});

const firstDay = (now: number): number => dayOf(now) - (CHART_DAYS - 1) * DAY_MS;

function daysOf(rows: readonly Row[], now: number): readonly DayOfSignIns[] {
  const signIns = new Map(rows.map((row) => [row.day, row.signIns]));
  return Array.from({ length: CHART_DAYS }, (_, index) => {
    const day = firstDay(now) + index * DAY_MS;
    return { day, signIns: signIns.get(day) ?? 0 };
  });
}

/** Where the bound was reached, the earliest day was cut somewhere. */
function wholeSince(rows: readonly Row[], now: number): number {
  const total = rows.reduce((sum, row) => sum + row.signIns, 0);
  if (total < SIGN_INS_COUNTED) return firstDay(now);
  return Math.min(...rows.map(({ since }) => dayOf(since))) + DAY_MS;
}
