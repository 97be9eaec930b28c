// The rotation of a refresh token: one compare-and-swap on the session's row.
import { type SQL, sql } from 'drizzle-orm';
import { isLive } from '../accounts/conditions.ts';
import { prepare } from '../d1/prepared.ts';
import { sessions } from '../d1/schema/sessions.ts';
import { HOLDER } from './authentication.ts';

const PRESENTED = sql.placeholder('presentedHash');
const NEXT = sql.placeholder('nextHash');
const NOW = sql.placeholder('now');
/** When a session ends at the latest, however often it is refreshed. */
const LATEST_END = sql`(${sessions.createdAt} + ${sql.placeholder('maxAgeMs')})`;

/** Rotates the session of a row that matches; of many concurrent calls one finds it. */
const rotation = (condition: SQL) =>
  prepare(HOLDER, (db) =>
    db
      .update(sessions)
      .set({
        tokenHash: sql`${NEXT}`,
        rotatedHash: sql`${PRESENTED}`,
        rotatedAt: sql`${NOW}`,
        lastUsedAt: sql`${NOW}`,
        expiresAt: sql`min(${sql.placeholder('expiresAt')}, ${LATEST_END})`,
      })
      .where(
        sql`${condition} AND ${sessions.clientId} IS ${sql.placeholder('clientId')} AND ${LATEST_END} > ${NOW}
          AND ${isLive(NOW)}`,
      )
      .returning(HOLDER),
  );

const IS_CURRENT = sql`${sessions.tokenHash} = ${PRESENTED}`;
const WAS_ROTATED_NOW = sql`${sessions.rotatedHash} = ${PRESENTED} AND ${sessions.tokenHash} = ${NEXT}
  AND ${sessions.rotatedAt} = ${NOW}`;

export const rotateSession = rotation(IS_CURRENT);
/** Also matches a row this same call already updated: when D1 lost the answer, the retry must not look like reuse. */
export const rotateSessionAgain = rotation(sql`(${IS_CURRENT} OR ${WAS_ROTATED_NOW})`);
