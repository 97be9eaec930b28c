// Sessions in memory: liveness is asked at every access.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import type {
  AuthenticatedSession,
  NewSession,
  RefusedToken,
  Session,
  Sessions,
} from '../../../src/domain/sessions/session.ts';
import type { TokenClient } from '../../../src/domain/tokens/claims.ts';
import { isLive, refuseEnded } from './conditions.ts';
import { recordRefusedRefresh } from './refusals.ts';
import { type Condition, type Ending, endAllSessions, endSessions } from './session-endings.ts';
import type { State, StoredSession } from './state.ts';

const MAX_LISTED = 500;

export function insertSession(
  state: State,
  session: NewSession,
  accountId: number,
  authentication: Authentication,
  { now, ip, userAgent }: AuditContext,
  client?: TokenClient,
): StoredSession {
  const times = { createdAt: now, lastUsedAt: now, revokedAt: null, rotatedHash: null, rotatedAt: null };
  const ofClient = client ? { client } : {};
  const stored = { ...session, accountId, authentication, ...times, ip, userAgent, ...ofClient };
  state.sessions.set(session.id, stored);
  return stored;
}

export function sessionsIn(state: State): Sessions {
  const live = (now: number, condition: Condition) =>
    [...state.sessions.values()].filter((session) => condition(session) && isLive(state, session, now));
  const endLive = async (condition: Condition, ending: Ending, audit: AuditContext) =>
    endSessions(state, (session) => condition(session) && isLive(state, session, audit.now), ending, audit) > 0;
  const endReused = (reused: Condition, known: Condition, refused: RefusedToken | undefined, audit: AuditContext) => {
    if (refused?.by === 'refresh') recordRefusedRefresh(state, known, audit);
    return endLive(reused, { action: 'session.reuse_detected' }, audit);
  };

  return {
    async findLive(sessionId, now) {
      const [session] = live(now, ({ id }) => id === sessionId);
      const account = session && state.accounts.get(session.accountId);
      if (!session || !account) return undefined;
      const { createdAt, lastUsedAt, authentication, client } = session;
      return { account, createdAt, lastUsedAt, authentication, ...(client ? { client } : {}) };
    },

    recordUse(sessionId, now) {
      const [session] = live(now, ({ id }) => id === sessionId);
      if (session) state.sessions.set(sessionId, { ...session, lastUsedAt: now });
    },

    async findByToken(clientId, tokenHash, now) {
      const [session] = live(now, isOfClient(clientId)).filter(hasToken([tokenHash]));
      if (!session?.client) return undefined;
      const { id: sessionId, accountId, createdAt, expiresAt } = session;
      return { sessionId, accountId, scopes: session.client.scopes, createdAt, expiresAt };
    },

    async rotate(clientId, presentedHash, nextHash, ends, now) {
      const [session] = live(now, isYoung(ends.maxAgeMs, now))
        .filter(hasToken([presentedHash]))
        .filter(isOfClient(clientId));
      if (!session) return undefined;
      const rotation = { tokenHash: nextHash, rotatedHash: presentedHash, rotatedAt: now };
      const expiresAt = Math.min(ends.expiresAt, session.createdAt + ends.maxAgeMs);
      state.sessions.set(session.id, { ...session, ...rotation, lastUsedAt: now, expiresAt });
      return authenticated(session);
    },

    async findRotatedSince(clientId, presentedHash, successorHashes, since, maxAgeMs, now) {
      const [session] = live(now, isYoung(maxAgeMs, now))
        .filter(hasToken(successorHashes))
        .filter(isOfClient(clientId))
        .filter(
          ({ rotatedHash, rotatedAt }) => rotatedHash === presentedHash && rotatedAt !== null && rotatedAt > since,
        );
      if (!session || session.tokenHash === null) return undefined;
      return { ...authenticated(session), tokenHash: session.tokenHash };
    },

    endByToken(clientId, tokenHash, audit) {
      const isIt = both(hasToken([tokenHash]), isOfClient(clientId));
      return endLive(isIt, { action: 'session.ended', actor: 'owner' }, audit);
    },

    async revokeByReuse(clientId, descendantHashes, refused, audit) {
      const isPresented = hasToken([refused.tokenHash]);
      const imported = state.importedTokens.get(refused.tokenHash);
      const wasImported: Condition = ({ id }) => id === imported?.sessionId;
      const isDescendant = hasToken(descendantHashes);
      const reused: Condition = (session) => isDescendant(session) || (wasImported(session) && !isPresented(session));
      const known: Condition = (session) => isPresented(session) || wasImported(session);
      return endReused(both(reused, isOfClient(clientId)), both(known, isOfClient(clientId)), refused, audit);
    },

    revokeUnlessCurrent: async (clientId, sessionId, tokenHash, audit, refused) => {
      const isIt: Condition = both(({ id }) => id === sessionId, isOfClient(clientId));
      const isOther: Condition = (session) => session.tokenHash !== null && session.tokenHash !== tokenHash;
      return endReused(both(isIt, isOther), isIt, refused, audit);
    },

    end: ({ sessionId, accountId }, audit) =>
      endLive(
        (session) => session.id === sessionId && session.accountId === accountId,
        { action: 'session.ended' },
        audit,
      ),

    list: async (accountId, now) =>
      live(now, (session) => session.accountId === accountId)
        .sort((one, other) => other.lastUsedAt - one.lastUsedAt || (one.id < other.id ? -1 : 1))
        .slice(0, MAX_LISTED)
        .map(listed),

    async revoke({ sessionId, accountId }, reason, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      const isIt: Condition = (session) => session.id === sessionId && session.accountId === accountId;
      const revoked = await endLive(isIt, { action: 'session.revoked', reason }, audit);
      return revoked ? 'revoked' : refuse('session_not_found');
    },

    async revokeAll(accountId, exceptId, reason, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      if (state.accounts.get(accountId)?.active) endAllSessions(state, { accountId, exceptId, reason }, audit);
      return 'revoked';
    },
  };
}

const hasToken =
  (hashes: readonly string[]): Condition =>
  ({ tokenHash }) =>
    tokenHash !== null && hashes.includes(tokenHash);

/** A client's session, or one of our own logins. */
const isOfClient =
  (clientId: string | null): Condition =>
  ({ client }) =>
    (client?.id ?? null) === clientId;

const both =
  (one: Condition, other: Condition): Condition =>
  (session) =>
    one(session) && other(session);

const isYoung =
  (maxAgeMs: number, now: number): Condition =>
  ({ createdAt }) =>
    createdAt + maxAgeMs > now;

export function authenticated({ id: sessionId, client, ...session }: StoredSession): AuthenticatedSession {
  const { accountId, authentication } = session;
  return { sessionId, accountId, authentication, ...(client ? { client } : {}) };
}

const listed = ({ id, kind, createdAt, lastUsedAt, expiresAt, userAgent, ip }: StoredSession): Session => ({
  id,
  kind,
  createdAt,
  lastUsedAt,
  expiresAt,
  userAgent,
  ip,
});
