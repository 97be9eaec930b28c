// The audit trail as an admin reads it, newest first.

import type { Page } from '../page.ts';
import type { SettingChange } from '../settings/change.ts';
import type { Act, AuditAction, AuditDetail } from './event.ts';

/** The trail is kept this long. */
export const AUDIT_KEPT_DAYS = 90;

export interface AuditEvent {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: AuditAction;
  readonly actorId: number | null;
  /** Whom it happened to. */
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
  /** `after` is the position of a page before this one. */
  page(filter: AuditFilter, after: string | undefined, limit: number): Promise<Page<AuditEvent>>;
  /** Settings live outside the database, so their events are written by themselves. */
  recordSettings(changes: readonly SettingChange[], act: Act): Promise<void>;
}
