// Ending the sessions of many accounts in memory: those of some accounts in each call, in the order of their ids.
import type { MassEndings } from '../../../src/domain/sessions/everybody.ts';
import { record } from './audit-trail.ts';
import { isUnended, refuseEnded } from './conditions.ts';
import type { State } from './state.ts';

export const massEndingsIn = (state: State): MassEndings => ({
  async endBehind(after, limit, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const live = [...state.sessions.values()].filter(
      (session) => session.accountId > after && session.id !== audit.sessionId && isUnended(session, audit.now),
    );
    const owners = new Set(live.map(({ accountId }) => accountId));
    const accountIds = [...owners].sort((one, other) => one - other).slice(0, limit);
    for (const session of live)
      if (accountIds.includes(session.accountId)) state.sessions.set(session.id, { ...session, revokedAt: audit.now });
    const detail = { reason: 'by_admin', accounts: accountIds.length };
    if (accountIds.length > 0) record(state, 'session.revoked', null, audit, detail);
    return accountIds;
  },
});
