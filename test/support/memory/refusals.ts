// The record of refusals in memory: one a minute for each account and action.
import type { AuditAction } from '../../../src/domain/audit/event.ts';
import { REFUSALS_RECORDED_EVERY_MS, type Refusals } from '../../../src/domain/audit/refusals.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { record } from './audit-trail.ts';
import { activeAccount, isLive } from './conditions.ts';
import type { State, StoredSession } from './state.ts';

export const refusalsIn = (state: State): Refusals => ({
  async recordAccess({ accountId, operation, now, ...client }) {
    if (!isUnrecorded(state, 'access.refused', accountId, now)) return;
    record(state, 'access.refused', accountId, { ...client, now, actorId: accountId }, { operation });
  },
});

const isUnrecorded = (state: State, action: AuditAction, accountId: number, now: number): boolean =>
  !state.events.some(
    (event) => event.action === action && event.accountId === accountId && event.at > now - REFUSALS_RECORDED_EVERY_MS,
  );

/** Records that the tokens of sessions which have ended were refused at a refresh. */
export function recordRefusedRefresh(
  state: State,
  isKnown: (session: StoredSession) => boolean,
  audit: AuditContext,
): void {
  for (const session of [...state.sessions.values()].filter(isKnown)) {
    const { id, accountId } = session;
    if (isLive(state, session, audit.now) || !isUnrecorded(state, 'refresh.refused', accountId, audit.now)) continue;
    record(state, 'refresh.refused', accountId, audit, { session_id: id, reason: endOf(state, session) });
  }
}

function endOf(state: State, { accountId, revokedAt }: StoredSession): string {
  if (!activeAccount(state, accountId)) return 'account_deactivated';
  return revokedAt === null ? 'expired' : 'session_ended';
}
