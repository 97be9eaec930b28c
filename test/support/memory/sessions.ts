// Sessions in memory: liveness is asked at every access.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { NewSession, RevocationReason, Session, Sessions } from '../../../src/domain/sessions/session.ts';
import { record } from './audit-trail.ts';
import { isLive, refuseEnded } from './conditions.ts';
import type { State, StoredSession } from './state.ts';

const MAX_LISTED = 500;

type Condition = (session: StoredSession) => boolean;

interface Ending {
  readonly action: 'session.ended' | 'session.revoked' | 'session.reuse_detected';
  readonly reason?: RevocationReason;
  /** Whose event it is where nobody is signed in. */
  readonly actor?: 'owner';
}

export function insertSession(state: State, session: NewSession, accountId: number, audit: AuditContext): void {
  const { now, ip, userAgent } = audit;
  const times = { createdAt: now, lastUsedAt: now, revokedAt: null, rotatedHash: null, rotatedAt: null };
  state.sessions.set(session.id, { ...session, accountId, ...times, ip, userAgent });
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

export function sessionsIn(state: State): Sessions {
  const live = (now: number, condition: Condition) =>
    [...state.sessions.values()].filter((session) => condition(session) && isLive(state, session, now));
  const endLive = async (condition: Condition, ending: Ending, audit: AuditContext) =>
    endSessions(state, (session) => condition(session) && isLive(state, session, audit.now), ending, audit) > 0;
  const hasToken = (hashes: readonly string[]) => (session: StoredSession) =>
    session.tokenHash !== null && hashes.includes(session.tokenHash);

  return {
    async findLive(sessionId, now) {
      const [session] = live(now, ({ id }) => id === sessionId);
      const account = session && state.accounts.get(session.accountId);
      return session && account && { account, lastUsedAt: session.lastUsedAt };
    },

    recordUse(sessionId, now) {
      const [session] = live(now, ({ id }) => id === sessionId);
      if (session) state.sessions.set(sessionId, { ...session, lastUsedAt: now });
    },

    async rotate(presentedHash, nextHash, expiresAt, now) {
      const [session] = live(now, hasToken([presentedHash]));
      if (!session) return undefined;
      const rotation = { tokenHash: nextHash, rotatedHash: presentedHash, rotatedAt: now };
      state.sessions.set(session.id, { ...session, ...rotation, lastUsedAt: now, expiresAt });
      return { sessionId: session.id, accountId: session.accountId };
    },

    async findRotatedSince(presentedHash, successorHashes, since, now) {
      const [session] = live(now, hasToken(successorHashes)).filter(
        ({ rotatedHash, rotatedAt }) => rotatedHash === presentedHash && rotatedAt !== null && rotatedAt > since,
      );
      if (!session || session.tokenHash === null) return undefined;
      return { sessionId: session.id, accountId: session.accountId, tokenHash: session.tokenHash };
    },

    endByToken: (tokenHash, audit) =>
      endLive(hasToken([tokenHash]), { action: 'session.ended', actor: 'owner' }, audit),

    revokeByCurrentToken: (tokenHashes, audit) =>
      endLive(hasToken(tokenHashes), { action: 'session.reuse_detected' }, audit),

    revokeUnlessCurrent: (sessionId, tokenHash, audit) =>
      endLive(
        (session) => session.id === sessionId && session.tokenHash !== null && session.tokenHash !== tokenHash,
        { action: 'session.reuse_detected' },
        audit,
      ),

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
      const isOther: Condition = (session) => session.accountId === accountId && session.id !== exceptId;
      await endLive(isOther, { action: 'session.revoked', reason }, audit);
      return 'revoked';
    },
  };
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
