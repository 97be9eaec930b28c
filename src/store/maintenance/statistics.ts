// Statistics from the nearest replica. Each count stops at its bound, so millions of rows cost no more.
import { type SQL, sql } from 'drizzle-orm';
import {
  CHART_DAYS,
  DAY_MS,
  type DayOfSignIns,
  dayOf,
  MAX_COUNTED,
  MAX_SESSIONS_SEEN,
  MAX_SIGN_INS_COUNTED,
  type Statistics,
} from '../../domain/maintenance/statistics.ts';
import type { Database, Db } from '../d1/database.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { auditEvents } from '../d1/schema/audit.ts';
import { entities } from '../d1/schema/entities.ts';
import { sessions } from '../d1/schema/sessions.ts';

/** Inlined: D1 binds numbers as REAL, and `/` would then not be integer division. */
const DAY = sql.raw(String(DAY_MS));

interface Row {
  readonly day: number;
  readonly signIns: number;
  /** The earliest sign-in. */
  readonly since: number;
}

export const statisticsIn = (database: Database): Statistics => ({
  async current(now) {
    const db = database.nearest;
    const [[counts], rows] = await Promise.all([selectCounts(db, now), selectSignIns(db, now)]);
    if (!counts) throw new Error('a count returned no row');
    return {
      counts: { ...counts, hasUnseenSessions: counts.hasUnseenSessions === 1 },
      days: daysOf(rows, now),
      completeSince: completeSince(rows, now),
    };
  },
});

function selectCounts(db: Db, now: number) {
  const counted = (from: SQL, more: SQL = sql`0`) =>
    sql<number>`(SELECT count(*) AS counted FROM (SELECT 1 FROM ${from} LIMIT ${MAX_COUNTED + 1} + ${more}))`;
  const deleted = sql`(SELECT count(*) FROM ${accounts} WHERE deleted_at IS NOT NULL)`;
  return db
    .select({
      accounts: sql<number>`${counted(sql`${accounts}`, deleted)} - ${deleted}`.as('accounts'),
      admins: counted(sql`${accounts} WHERE role = 'admin' AND active = 1`).as('admins'),
      liveSessions: sql<number>`live.counted`.as('live_sessions'),
      // A CASE evaluates only the branch that it takes, so that a full count looks no further.
      hasUnseenSessions: sql<number>`CASE WHEN live.counted <= ${MAX_COUNTED}
        THEN EXISTS (SELECT 1 FROM ${sessions} LIMIT 1 OFFSET ${MAX_SESSIONS_SEEN}) ELSE 0 END`.as('unseen_sessions'),
      entities: counted(sql`${entities}`).as('entities'),
    })
    .from(sql`${counted(sql`(${newestSessions}) WHERE expires_at > ${now} AND revoked_at IS NULL`)} AS live`);
}

/** No index has the ends of sessions, but those that were opened last are likely to be live. */
const newestSessions = sql`SELECT expires_at, revoked_at FROM ${sessions}
  ORDER BY rowid DESC LIMIT ${MAX_SESSIONS_SEEN}`;

function selectSignIns(db: Db, now: number) {
  const latest = sql`SELECT at FROM ${auditEvents} WHERE action = 'login.succeeded'
    ORDER BY id DESC LIMIT ${MAX_SIGN_INS_COUNTED}`;
  return db
    .select({
      day: sql<number>`at / ${DAY} * ${DAY}`.as('day'),
      signIns: sql<number>`count(*)`.as('sign_ins'),
      since: sql<number>`min(at)`.as('since'),
    })
    .from(sql`(${latest})`)
    .where(sql`at >= ${firstDay(now)}`)
    .groupBy(sql`day`);
}

const firstDay = (now: number): number => dayOf(now) - (CHART_DAYS - 1) * DAY_MS;

function daysOf(rows: readonly Row[], now: number): readonly DayOfSignIns[] {
  const signIns = new Map(rows.map((row) => [row.day, row.signIns]));
  return Array.from({ length: CHART_DAYS }, (_, index) => {
    const day = firstDay(now) + index * DAY_MS;
    return { day, signIns: signIns.get(day) ?? 0 };
  });
}

/** Where the bound was reached, the earliest day is incomplete. */
function completeSince(rows: readonly Row[], now: number): number {
  const total = rows.reduce((sum, row) => sum + row.signIns, 0);
  if (total < MAX_SIGN_INS_COUNTED) return firstDay(now);
  return Math.min(...rows.map(({ since }) => dayOf(since))) + DAY_MS;
}
