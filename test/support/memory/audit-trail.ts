// The audit trail in memory, and how the other adapters write it.
import type { AuditAction, AuditDetail } from '../../../src/domain/audit/event.ts';
import type { AuditTrail } from '../../../src/domain/audit/trail.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { pageOf } from '../../../src/domain/page.ts';
import type { State } from './state.ts';

export function record(
  state: State,
  action: AuditAction,
  accountId: number | null,
  { actorId, now, ip, userAgent }: AuditContext,
  detail: AuditDetail = {},
): void {
  state.events.push({ id: state.nextId(), at: now, action, actorId, accountId, ip, userAgent, detail });
}

export const auditTrailIn = (state: State): AuditTrail => ({
  async page({ accountId, action }, after, limit) {
    const found = state.events.filter(
      (event) =>
        (accountId === undefined || event.accountId === accountId) &&
        (action === undefined || event.action === action) &&
        (after === undefined || event.id < Number(after)),
    );
    return pageOf(found.toReversed().slice(0, limit + 1), limit, ({ id }) => String(id));
  },
});
