// The event of a refused refresh of a session that has ended, once a minute for each account.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import { isActive, isLive } from '../accounts/conditions.ts';
import { auditEach } from '../audit/events.ts';
import { isUnrecorded } from '../audit/refusals.ts';
import type { Db } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';

/** `session` finds the session whose token was presented. */
export function auditRefusedRefresh(db: Db, session: SQL, audit: AuditContext) {
  const account = sql`${sessions.accountId}`;
  const unrecorded = isUnrecorded('refresh.refused', account, audit.now);
  const from = sql`FROM ${sessions} WHERE ${session} AND NOT (${isLive(audit.now)}) AND ${unrecorded}`;
  const reason = sql`CASE WHEN NOT ${isActive(account)} THEN 'account_deactivated'
    WHEN ${sessions.revokedAt} IS NULL THEN 'expired' ELSE 'session_ended' END`;
  const detail = sql`json_object('session_id', ${sessions.id}, 'reason', ${reason})`;
  return auditEach(db, { action: 'refresh.refused', from, account, detail }, audit);
}
