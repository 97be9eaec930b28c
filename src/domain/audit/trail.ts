// The audit trail as admins read it, newest first.
import type { Page } from '../page.ts';
import type { AuditAction, AuditDetail } from './event.ts';

/** Older events are removed. */
export const AUDIT_RETENTION_DAYS = 90;

export interface AuditEvent {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: AuditAction;
  /** The account that acted; null where nobody was signed in. */
  readonly actorId: number | null;
  /** The account that was acted on. */
  readonly accountId: number | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly detail: AuditDetail;
}

export interface AuditFilter {
  readonly accountId?: number | undefined;
  readonly action?: AuditAction | undefined;
}

export interface AuditTrail {
  /** `after` is the position that the page before ended at. */
  page(filter: AuditFilter, after: string | undefined, limit: number): Promise<Page<AuditEvent>>;
}
