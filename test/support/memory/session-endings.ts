// Ending sessions in memory: each that a condition finds is revoked, with an event; very many have one event for all.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { RevocationReason } from '../../../src/domain/sessions/revocation.ts';
import { record } from './audit-trail.ts';
import { isUnended } from './conditions.ts';
import type { State, StoredSession } from './state.ts';

/** Up to this many sessions of an account have an event each. */
const MAX_ONE_BY_ONE = 100;

export type Condition = (session: StoredSession) => boolean;

export interface Ending {
  readonly action: 'session.ended' | 'session.revoked' | 'session.reuse_detected';
  readonly reason?: RevocationReason;
  /** The actor of the event where nobody is signed in. */
  readonly actor?: 'owner';
}

/** Ends the sessions that a condition finds, with an event for each, and returns their number. */
export function endSessions(
  state: State,
  condition: Condition,
  { action, reason, actor }: Ending,
  audit: AuditContext,
): number {
  const found = [...state.sessions.values()].filter(condition);
  for (const session of found) {
    const context = actor === 'owner' ? { ...audit, actorId: session.accountId } : audit;
    record(state, action, session.accountId, context, { session_id: session.id, ...(reason ? { reason } : {}) });
    state.sessions.set(session.id, { ...session, revokedAt: audit.now });
  }
  return found.length;
}

interface MassEnding {
  readonly accountId: number;
  readonly exceptId: string | null;
  readonly reason: RevocationReason;
}

/** Ends the sessions of an account but `exceptId` that have not ended. */
export function endAllSessions(state: State, { accountId, exceptId, reason }: MassEnding, audit: AuditContext): void {
  const isOther: Condition = (session) =>
    session.accountId === accountId && session.id !== exceptId && isUnended(session, audit.now);
  const found = [...state.sessions.values()].filter(isOther);
  if (found.length <= MAX_ONE_BY_ONE) {
    endSessions(state, isOther, { action: 'session.revoked', reason }, audit);
    return;
  }
  record(state, 'session.revoked', accountId, audit, { reason, count: found.length });
  for (const session of found) state.sessions.set(session.id, { ...session, revokedAt: audit.now });
}
