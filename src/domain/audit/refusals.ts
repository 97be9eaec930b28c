// Refusals on record. Whoever is refused can ask again at once, so an account's refusals fill neither trail nor
// database.
import type { ClientInfo } from '../audit-context.ts';

/** Of the refusals of one account and one action, one in this time is recorded. */
export const REFUSALS_RECORDED_EVERY_MS = 60 * 1000;

/** A signed-in account that asked for what only admins may do. */
export interface RefusedAccess extends ClientInfo {
  readonly accountId: number;
  /** The operation as it is declared, such as `PATCH /api/admin/users/{id}`: never the address, which names things. */
  readonly operation: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Refusals {
  recordAccess(access: RefusedAccess): Promise<void>;
}
