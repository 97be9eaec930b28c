// The audit trail in D1: a page reads its own rows along an index and no others.
import { and, desc, eq, type InferSelectModel, sql } from 'drizzle-orm';
import type { AuditAction, AuditDetail } from '../../domain/audit/event.ts';
import type { AuditEvent, AuditTrail } from '../../domain/audit/trail.ts';
import { pageOf } from '../../domain/page.ts';
import type { Database } from '../d1/database.ts';
import { auditEvents } from '../d1/schema/audit.ts';

export const auditTrailIn = (database: Database): AuditTrail => ({
  async page({ accountId, action }, after, limit) {
    const rows = await database.primary
      .select()
      .from(auditEvents)
      .where(
        and(
          accountId === undefined ? undefined : eq(auditEvents.accountId, accountId),
          action === undefined ? undefined : eq(auditEvents.action, action),
          after === undefined ? undefined : sql`${auditEvents.id} < ${Number(after)}`,
        ),
      )
      .orderBy(desc(auditEvents.id))
      .limit(limit + 1);
    return pageOf(rows.map(eventFrom), limit, ({ id }) => String(id));
  },
});

export const eventFrom = ({ action, detail, ...row }: InferSelectModel<typeof auditEvents>): AuditEvent => ({
  ...row,
  // Only we write both.
  action: action as AuditAction,
  detail: JSON.parse(detail) as AuditDetail,
});
