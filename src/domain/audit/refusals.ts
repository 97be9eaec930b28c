// Refusals in the audit trail. A refused client can repeat its call at once, so the number recorded of an account is
// limited.
import type { ClientInfo } from '../audit-context.ts';

/** One refusal of each account and action is recorded in this time. */
export const REFUSALS_RECORDED_EVERY_MS = 60 * 1000;

/** A signed-in account that asked for what only admins may do. */
export interface RefusedAccess extends ClientInfo {
  readonly accountId: number;
  /** The operation as it is declared, such as `PATCH /api/admin/users/{id}`: never the URL, which may contain names. */
  readonly operation: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Refusals {
  recordAccess(access: RefusedAccess): Promise<void>;
}
