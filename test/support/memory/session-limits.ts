// The jobs on sessions in memory. Endings of very many mark all of them at once here, so that none is left to mark.
import type { SessionEndings } from '../../../src/domain/maintenance/session-endings.ts';
import {
  ENDED_PER_CALL,
  MAX_LIVE_SESSIONS,
  type SessionLimits,
} from '../../../src/domain/maintenance/session-limits.ts';
import { isUnended } from './conditions.ts';
import { endSessions } from './session-endings.ts';
import type { State } from './state.ts';

export const sessionEndingsIn = (): SessionEndings => ({ next: async () => undefined, mark: async () => 0 });

export function sessionLimitsIn(state: State): SessionLimits {
  const unended = (accountId: number, now: number) =>
    [...state.sessions.values()].filter((session) => session.accountId === accountId && isUnended(session, now));

  return {
    // A search reads all sessions.
    async findCrowded(now) {
      const owners = [...new Set([...state.sessions.values()].map(({ accountId }) => accountId))];
      const accountIds = owners.filter((accountId) => unended(accountId, now).length > MAX_LIVE_SESSIONS);
      return { accountIds, upTo: state.sessions.size, isLast: true };
    },

    async endExcess(accountId, now) {
      const excess = unended(accountId, now)
        .toReversed()
        .sort((one, other) => other.lastUsedAt - one.lastUsedAt)
        .slice(MAX_LIVE_SESSIONS, MAX_LIVE_SESSIONS + ENDED_PER_CALL);
      const ending = { action: 'session.revoked', reason: 'too_many_sessions' } as const;
      const audit = { actorId: null, ip: null, userAgent: null, now };
      return endSessions(state, (session) => excess.includes(session), ending, audit);
    },

    async moveTo() {},
  };
}
