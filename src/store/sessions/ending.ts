// Ending sessions in D1: each one that a condition finds is revoked, with an event. See mass-ending.ts for very many.
import { type SQL, sql } from 'drizzle-orm';
import type { AuditContext } from '../../domain/audit-context.ts';
import type { RevocationReason } from '../../domain/sessions/revocation.ts';
import { auditEach } from '../audit/events.ts';
import type { Db } from '../d1/database.ts';
import { sessions } from '../d1/schema/sessions.ts';

export interface Ending {
  readonly action: 'session.ended' | 'session.revoked' | 'session.reuse_detected';
  readonly actor?: SQL;
  readonly reason?: RevocationReason;
}

/** The statements that end the sessions a condition finds. The condition says that they have not ended yet. */
export function endSessions(db: Db, condition: SQL, { action, actor, reason }: Ending, audit: AuditContext) {
  const id = sql`'session_id', ${sessions.id}`;
  const event = {
    action,
    from: sql`FROM ${sessions} WHERE ${condition}`,
    account: sql`${sessions.accountId}`,
    detail: reason ? sql`json_object(${id}, 'reason', ${reason})` : sql`json_object(${id})`,
    ...(actor ? { actor } : {}),
  };
  return {
    sessionEvents: auditEach(db, event, audit),
    endedSessions: db.update(sessions).set({ revokedAt: audit.now }).where(condition).returning({ id: sessions.id }),
  };
}
