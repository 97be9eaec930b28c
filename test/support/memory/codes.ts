// Authorization codes in memory: each is used up by its first use, and a second use ends the session of the first.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { Codes, PresentedCode } from '../../../src/domain/oauth/code.ts';
import { includesAll } from '../../../src/domain/oauth/scopes.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { NewSession } from '../../../src/domain/sessions/session.ts';
import { record } from './audit-trail.ts';
import { findClient } from './clients.ts';
import { activeAccount, isLive, refuseEnded } from './conditions.ts';
import { endSessions } from './session-endings.ts';
import { authenticated, insertSession } from './sessions.ts';
import { keyOf, type State, type StoredCode } from './state.ts';

export const codesIn = (state: State): Codes => ({
  async issue(code, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const session = state.sessions.get(audit.sessionId);
    const { clientId, scopes } = code;
    const accountId = audit.actorId;
    if (!session || !findClient(state, clientId)) return refuse('token_revoked');
    const grant = state.grants.get(keyOf(accountId, clientId));
    if (!grant || !includesAll(grant.scopes, scopes))
      record(state, 'grant.given', accountId, audit, { client_id: clientId, scope: scopes.join(' ') });
    state.grants.set(keyOf(accountId, clientId), {
      accountId,
      clientId,
      scopes: [...new Set([...(grant?.scopes ?? []), ...scopes])],
      createdAt: grant?.createdAt ?? audit.now,
      lastUsedAt: audit.now,
    });
    const { authentication } = session;
    state.codes.set(code.hash, { ...code, accountId, authentication, usedAt: null, sessionId: null });
    return 'issued';
  },

  async redeem(presented, session, onlineUntil, audit) {
    const code = state.codes.get(presented.hash);
    if (code && code.usedAt !== null && isRight(code, presented)) endReused(state, code, audit);
    if (!code || code.usedAt !== null) return refuse('invalid_grant');
    const isGood = isRight(code, presented) && isGranted(state, code, audit.now);
    state.codes.set(code.hash, { ...code, usedAt: audit.now, sessionId: isGood ? session.id : null });
    return isGood ? openSession(state, code, session, onlineUntil, audit) : refuse('invalid_grant');
  },
});

const isRight = (code: StoredCode, { clientId, challenge, redirectUri = code.redirectUri }: PresentedCode): boolean =>
  code.clientId === clientId && code.challenge === challenge && code.redirectUri === redirectUri;

const isGranted = (state: State, { accountId, clientId, expiresAt }: StoredCode, now: number): boolean =>
  expiresAt > now && activeAccount(state, accountId) !== undefined && state.grants.has(keyOf(accountId, clientId));

function endReused(state: State, { accountId, clientId, sessionId }: StoredCode, audit: AuditContext): void {
  record(state, 'code.reused', accountId, audit, { client_id: clientId });
  const ending = { action: 'session.revoked', reason: 'code_reused' } as const;
  endSessions(state, (session) => session.id === sessionId && isLive(state, session, audit.now), ending, audit);
}

/** The session of a code. Without `offline_access` it has no refresh token and is short. */
function openSession(state: State, code: StoredCode, session: NewSession, onlineUntil: number, audit: AuditContext) {
  const { accountId, clientId, scopes, authentication, nonce } = code;
  const opened: NewSession = scopes.includes('offline_access')
    ? session
    : { id: session.id, kind: 'session', tokenHash: null, expiresAt: onlineUntil };
  const stored = insertSession(state, opened, accountId, authentication, audit, { id: clientId, scopes });
  const detail = { session_id: opened.id, kind: opened.kind, client_id: clientId };
  record(state, 'login.succeeded', accountId, { ...audit, actorId: accountId }, detail);
  return { session: authenticated(stored), nonce };
}
