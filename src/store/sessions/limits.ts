// The limit of live sessions in D1: accounts are found among the sessions opened since the last run, by their rowids.
import { sql } from 'drizzle-orm';
import { ENDED_PER_CALL, MAX_LIVE_SESSIONS, type SessionLimits } from '../../domain/maintenance/session-limits.ts';
import { isUnended } from '../accounts/conditions.ts';
import { batchOf } from '../d1/batch.ts';
import type { Database } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { moveTo, positionIn } from '../maintenance/positions.ts';
import { endSessions } from './ending.ts';

/** The sessions that one search looks at. */
const WINDOW = 10_000;

export const sessionLimitsIn = ({ primary: db }: Database): SessionLimits => ({
  async findCrowded(now) {
    const { position, last } = await positionIn(db, 'session-limits');
    // Rowids are used again when the last rows were deleted: the latest sessions are examined once more.
    const from = position <= last ? position : Math.max(0, last - WINDOW);
    const upTo = Math.min(from + WINDOW, last);
    const opened = sql`(SELECT DISTINCT account_id FROM ${sessions} WHERE rowid > ${from}
      AND rowid <= ${upTo}) AS opened`;
    const live = sql`SELECT 1 FROM ${sessions} WHERE ${sessions.accountId} = opened.account_id AND ${isUnended(now)}
      LIMIT ${MAX_LIVE_SESSIONS + 1}`;
    const rows = await db
      .select({ accountId: sql<number>`opened.account_id`.as('account_id') })
      .from(opened)
      .where(sql`(SELECT count(*) FROM (${live})) > ${MAX_LIVE_SESSIONS}`);
    return { accountIds: rows.map(({ accountId }) => accountId), upTo, isLast: upTo === last };
  },

  async endExcess(accountId, now) {
    const excess = sql`${sessions}.rowid IN (SELECT rowid FROM ${sessions} WHERE ${sessions.accountId} = ${accountId}
      AND ${isUnended(now)} ORDER BY ${sessions.lastUsedAt} DESC, rowid DESC
      LIMIT ${ENDED_PER_CALL} OFFSET ${MAX_LIVE_SESSIONS})`;
    const ending = { action: 'session.revoked', reason: 'too_many_sessions' } as const;
    const audit = { actorId: null, ip: null, userAgent: null, now };
    const { endedSessions } = await batchOf(db, endSessions(db, excess, ending, audit));
    return endedSessions.length;
  },

  async moveTo(upTo) {
    await moveTo(db, 'session-limits', upTo);
  },
});
