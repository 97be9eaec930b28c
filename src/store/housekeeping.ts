// What is left over goes a bounded number of rows at a time, found along an index.
import { type SQL, sql } from 'drizzle-orm';
import { type Housekeeping, type Remnant, ROWS_AT_ONCE } from '../domain/housekeeping.ts';
import type { Database } from './database.ts';
import { auditEvents, idempotencyKeys, loginFailures, sessions } from './schema.ts';

/** Sessions looked at in one statement: those that expire soonest, revoked ones among them. */
const SESSIONS_IN_SIGHT = 5000;

const TABLES = { auditEvents, endedSessions: sessions, loginFailures, idempotencyKeys } as const satisfies Record<Remnant, unknown>;

/** The rows to remove, as a condition on each table. Sessions have no index on their revocation, so only the next to expire are looked at. */
const ENDED: Readonly<Record<Remnant, (before: number) => SQL>> = {
  auditEvents: (before) =>
    sql`${auditEvents.id} IN (SELECT id FROM ${auditEvents} WHERE ${auditEvents.at} < ${before} LIMIT ${ROWS_AT_ONCE})`,
  endedSessions: (before) =>
    sql`${sessions.id} IN (SELECT id FROM (SELECT id, expires_at, revoked_at FROM ${sessions} ORDER BY expires_at LIMIT ${SESSIONS_IN_SIGHT})
      WHERE expires_at < ${before} OR revoked_at < ${before} LIMIT ${ROWS_AT_ONCE})`,
  loginFailures: (before) =>
    sql`${loginFailures.subject} IN (SELECT subject FROM ${loginFailures} WHERE ${loginFailures.lastAt} < ${before} LIMIT ${ROWS_AT_ONCE})`,
  idempotencyKeys: (before) =>
    sql`rowid IN (SELECT rowid FROM ${idempotencyKeys} WHERE ${idempotencyKeys.createdAt} < ${before} LIMIT ${ROWS_AT_ONCE})`,
};

export const housekeepingIn = (database: Database): Housekeeping => ({
  async remove(remnant, before) {
    const { meta } = await database.primary.delete(TABLES[remnant]).where(ENDED[remnant](before));
    return meta.changes;
  },
});
