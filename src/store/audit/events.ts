// Audit events are statements of the batch that makes the change they record.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditAction, AuditDetail } from '../../domain/audit/event.ts';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { Db } from '../d1/database.ts';
import { auditEvents } from '../d1/schema/audit.ts';

/** An event without a condition. */
export const auditEvent = (
  db: Db,
  action: AuditAction,
  accountId: number | null,
  audit: AuditContext,
  detail: AuditDetail = {},
) =>
  db.insert(auditEvents).values({
    at: audit.now,
    action,
    actorId: audit.actorId,
    accountId,
    ip: audit.ip,
    userAgent: audit.userAgent,
    detail: JSON.stringify(detail),
  });

interface EachEvent {
  readonly action: AuditAction;
  /** A FROM clause with its WHERE: one event for each row. */
  readonly from: SQL;
  /** Expressions over a row of `from`. */
  readonly account: SQL;
  readonly actor?: SQL;
  readonly detail?: SQL;
}

/**
 * One event for each row of `from`. Where `from` repeats the condition of a write, the event must come before that
 * write in the batch, while the condition still matches.
 */
export const auditEach = (db: Db, { action, from, account, actor, detail }: EachEvent, audit: AuditContext) =>
  db.insert(auditEvents).select(
    sql`SELECT NULL, ${audit.now}, ${action}, ${actor ?? audit.actorId}, ${account}, ${audit.ip}, ${audit.userAgent},
      ${detail ?? '{}'} ${from}`,
  );
