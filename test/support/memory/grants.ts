// Grants in memory. A client's sessions and codes end with its grant.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { Grants } from '../../../src/domain/oauth/grant.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { findClient } from './clients.ts';
import { isLive, refuseEnded } from './conditions.ts';
import { type Ending, endSessions } from './session-endings.ts';
import { keyOf, type State } from './state.ts';

export const grantsIn = (state: State): Grants => ({
  scopesOf: async (accountId, clientId) => state.grants.get(keyOf(accountId, clientId))?.scopes ?? [],

  list: async (accountId) =>
    [...state.grants.values()]
      .filter((grant) => grant.accountId === accountId)
      .sort((one, other) => other.lastUsedAt - one.lastUsedAt)
      .flatMap(({ accountId: _, ...grant }) => {
        const found = findClient(state, grant.clientId);
        return found ? [{ ...grant, clientName: found.client.name }] : [];
      }),

  async withdraw(clientId, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const accountId = audit.actorId;
    const isGranted = state.grants.delete(keyOf(accountId, clientId));
    if (isGranted) record(state, 'grant.withdrawn', accountId, audit, { client_id: clientId });
    for (const code of state.codes.values())
      if (isGranted && code.accountId === accountId && code.clientId === clientId && code.usedAt === null)
        state.codes.set(code.hash, { ...code, usedAt: audit.now });
    endSessionsOf(state, accountId, clientId, { action: 'session.revoked', reason: 'grant_withdrawn' }, audit);
    return isGranted ? 'withdrawn' : refuse('grant_not_found');
  },

  async endSessions(accountId, clientId, audit) {
    endSessionsOf(state, accountId, clientId, { action: 'session.ended' }, audit);
  },
});

const endSessionsOf = (state: State, accountId: number, clientId: string, ending: Ending, audit: AuditContext) =>
  endSessions(
    state,
    (session) =>
      session.accountId === accountId && session.client?.id === clientId && isLive(state, session, audit.now),
    ending,
    audit,
  );
