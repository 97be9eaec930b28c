// What is left over goes a bounded number of rows at a time, found along an index.
import { type SQL, sql } from 'drizzle-orm';
import { type Housekeeping, type Remnant, ROWS_AT_ONCE, RUNS_EVERY_MS } from '../../domain/maintenance/cleanup.ts';
import type { Database } from '../d1/database.ts';
import { auditEvents, idempotencyKeys, loginFailures, sessions } from '../d1/schema.ts';

/** Sessions that a run looks at: a million are seen through in 17 hours. */
const SESSIONS_IN_SIGHT = 10_000;

const TABLES = { auditEvents, endedSessions: sessions, loginFailures, idempotencyKeys } as const satisfies Record<
  Remnant,
  unknown
>;

/** The rows to remove, as a condition on each table. */
const ENDED: Readonly<Record<Remnant, (before: number) => SQL>> = {
  auditEvents: (before) =>
    sql`${auditEvents.id} IN (SELECT id FROM ${auditEvents} WHERE ${auditEvents.at} < ${before} LIMIT ${ROWS_AT_ONCE})`,
  endedSessions: (before) =>
    sql`rowid IN (SELECT rowid FROM ${sessions} WHERE rowid BETWEEN ${windowAt(before)} AND ${windowAt(before)} + ${SESSIONS_IN_SIGHT - 1}
      AND (${sessions.expiresAt} < ${before} OR ${sessions.revokedAt} < ${before}) LIMIT ${ROWS_AT_ONCE})`,
  loginFailures: (before) =>
    sql`${loginFailures.subject} IN (SELECT subject FROM ${loginFailures} WHERE ${loginFailures.lastAt} < ${before} LIMIT ${ROWS_AT_ONCE})`,
  idempotencyKeys: (before) =>
    sql`rowid IN (SELECT rowid FROM ${idempotencyKeys} WHERE ${idempotencyKeys.createdAt} < ${before} LIMIT ${ROWS_AT_ONCE})`,
};

/** Where a run starts to look at sessions. An index on their ends would be written at every refresh; each run looks at the next window instead. */
const windowAt = (before: number): SQL =>
  sql`(SELECT ${Math.floor(before / RUNS_EVERY_MS)} % (1 + max(rowid) / ${SESSIONS_IN_SIGHT}) * ${SESSIONS_IN_SIGHT} FROM ${sessions})`;

export const housekeepingIn = (database: Database): Housekeeping => ({
  async remove(remnant, before) {
    const { meta } = await database.primary.delete(TABLES[remnant]).where(ENDED[remnant](before));
    return meta.changes;
  },
});
