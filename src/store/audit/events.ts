// Audit events are statements for the batch of what they record; a condition makes an event as rare as its cause.
import { type SQL, sql } from 'drizzle-orm';
import type { Act, AuditAction, AuditDetail } from '../../domain/audit/event.ts';
import type { Db } from '../d1/database.ts';
import { auditEvents } from '../d1/schema.ts';

/** An event that happens whatever else does. */
export const audit = (db: Db, action: AuditAction, accountId: number | null, act: Act, detail: AuditDetail = {}) =>
  db.insert(auditEvents).values({
    at: act.now,
    action,
    actorId: act.actorId,
    accountId,
    ip: act.ip,
    userAgent: act.userAgent,
    detail: JSON.stringify(detail),
  });

interface EachEvent {
  readonly action: AuditAction;
  /** FROM and WHERE: an event for each of its rows. */
  readonly from: SQL;
  /** Expressions over a row of `from`. */
  readonly account: SQL;
  readonly actor?: SQL;
  readonly detail?: SQL;
}

/** An event for each row that a condition finds; stands before the write that has the same condition. */
export const auditEach = (db: Db, { action, from, account, actor, detail }: EachEvent, act: Act) =>
  db
    .insert(auditEvents)
    .select(
      sql`SELECT NULL, ${act.now}, ${action}, ${actor ?? act.actorId}, ${account}, ${act.ip}, ${act.userAgent}, ${detail ?? '{}'} ${from}`,
    );
