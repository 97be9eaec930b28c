// Ending all sessions of an account in one request that writes a bounded number of rows, however many there are.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { RevocationReason } from '../../domain/sessions/revocation.ts';
import { isUnended } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { sessionEndings, sessions } from '../d1/schema/sessions.ts';
import { endSessions } from './ending.ts';

/** Up to this many sessions are ended one by one, each with its event: at five rows a session. */
const MAX_ONE_BY_ONE = 100;
/** Sessions that one statement marks as revoked, at a row a session. */
const MARKED_PER_STATEMENT = 800;

export interface MassEnding {
  readonly accountId: number | SQL;
  /** The session that goes on; null for none. */
  readonly exceptId: string | null;
  /** A further condition on sessions. */
  readonly condition: SQL;
  readonly reason: RevocationReason;
  /** The account that ends them, if not the actor of the call. */
  readonly actor?: SQL;
}

/** All sessions of the one account that a query finds; the account itself ends them. */
export const allOf = (account: SQL) =>
  ({ accountId: sql`(${account})`, exceptId: null, condition: sql`1`, actor: sql`(${account})` }) as const;

/**
 * The statements that end all live sessions of an account. More than `MAX_ONE_BY_ONE` end by a row of
 * `session_endings`, which every use of a session checks: one event counts them, as many as fit are marked as revoked
 * in the same batch, and a job marks the others.
 */
export function endAllSessions(db: Db, ending: MassEnding, audit: AuditContext) {
  const { accountId, exceptId, condition, reason, actor } = ending;
  const event = { action: 'session.revoked', ...(actor ? { actor } : {}) } as const;
  const ended = sql`${sessions.accountId} = ${accountId} AND ${sessions.id} IS NOT ${exceptId}
    AND ${isUnended(audit.now)} AND ${condition}`;
  const isFew = sql`(SELECT count(*) FROM (SELECT 1 FROM ${sessions} WHERE ${ended}
    LIMIT ${MAX_ONE_BY_ONE + 1})) <= ${MAX_ONE_BY_ONE}`;
  const many = sql`SELECT count(*) AS n, max(${sessions}.rowid) AS last FROM ${sessions} WHERE ${ended}`;
  const from = sql`FROM (${many}) AS many WHERE n > ${MAX_ONE_BY_ONE}`;
  const detail = sql`json_object('reason', ${reason}, 'count', n)`;
  return {
    ...endSessions(db, sql`${ended} AND ${isFew}`, { ...event, reason }, audit),
    massEvent: auditEach(db, { ...event, from, account: sql`${accountId}`, detail }, audit),
    massEnding: db
      .insert(sessionEndings)
      .select(sql`SELECT ${accountId}, last, ${exceptId}, ${audit.now} ${from}`)
      // An earlier ending is part of this one: the session that it spared is either spared again or ended here.
      .onConflictDoUpdate({
        target: sessionEndings.accountId,
        set: { upTo: sql`excluded.up_to`, exceptId: sql`excluded.except_id`, at: sql`excluded.at` },
      }),
    ...markEnded(db, accountId),
  };
}

/** Marks sessions that a row of `session_endings` has ended, and deletes the row once all of them are marked. */
export function markEnded(db: Db, accountId: number | SQL) {
  const unmarked = sql`SELECT ${sessions}.rowid FROM ${sessionEndings} JOIN ${sessions}
    ON ${sessions.accountId} = ${sessionEndings.accountId} AND ${sessions}.rowid <= ${sessionEndings.upTo}
    AND ${sessions.id} IS NOT ${sessionEndings.exceptId}
    WHERE ${sessionEndings.accountId} = ${accountId} AND ${sessions.revokedAt} IS NULL`;
  const at = sql`(SELECT at FROM ${sessionEndings} WHERE ${sessionEndings.accountId} = ${accountId})`;
  return {
    marked: db
      .update(sessions)
      .set({ revokedAt: at })
      .where(sql`${sessions}.rowid IN (${unmarked} LIMIT ${MARKED_PER_STATEMENT})`),
    allMarked: db
      .delete(sessionEndings)
      .where(sql`${sessionEndings.accountId} = ${accountId} AND NOT EXISTS (${unmarked})`),
  };
}
