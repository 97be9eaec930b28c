// A refresh rotates a session's token. A token that was rotated before is theft, or a retry within the grace.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import { type HashedToken, remember, signAccessToken, type TokenPair, type TokenPairPorts } from './issue.ts';
import { maxAgeMs } from './max-age.ts';
import { descendantHashes, hashToken, successorOf, successorsOf } from './refresh-token.ts';
import type { AuthenticatedSession, RefusedToken, Sessions } from './session.ts';

export interface RefreshPorts extends TokenPairPorts {
  readonly sessions: Sessions;
  readonly settings: SettingsStore;
}

/** Exchanges a token of the four APIs' own logins for a new pair. */
export async function refresh(
  ports: RefreshPorts,
  presented: string,
  audit: AuditContext,
): Promise<TokenPair | Refusal<'invalid_refresh_token'>> {
  const settings = await ports.settings.current(audit.now);
  const exchanged = await exchange(ports, null, presented, settings, audit);
  if (isRefusal(exchanged)) return exchanged;
  return {
    accessToken: await signAccessToken(ports.issuer, exchanged.session, settings, audit.now),
    refreshToken: exchanged.successor,
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
  };
}

/** A session whose token was exchanged, and the token that follows the presented one. */
export interface Exchanged {
  readonly session: AuthenticatedSession;
  readonly successor: string;
}

/**
 * Exchanges the presented token of a client's session for the next; the four APIs' own sessions have no client. A token
 * that was exchanged before is theft (RFC 9700 §4.14.2) unless it comes back within `REFRESH_REUSE_GRACE`.
 */
export async function exchange(
  ports: RefreshPorts,
  clientId: string | null,
  presented: string,
  settings: Settings,
  audit: AuditContext,
): Promise<Exchanged | Refusal<'invalid_refresh_token'>> {
  const { now } = audit;
  const [hash, token] = await Promise.all([hashToken(presented), successorOf(ports.issuer.keys, presented)]);
  const next: HashedToken = { token, hash: await hashToken(token) };
  const ends = { expiresAt: now + settings.REFRESH_TOKEN_LIFETIME * 1000, maxAgeMs: maxAgeMs(settings) };
  const session = await ports.sessions.rotate(clientId, hash, next.hash, ends, now);
  if (!session)
    return (
      (await repeatExchange(ports, clientId, presented, hash, settings, now)) ??
      refuseReuse(ports, clientId, presented, 'refresh', audit)
    );
  remember(ports.refreshTokens, session, next, settings, now);
  return { session, successor: next.token };
}

/** The exchange that a retry within the grace missed; undefined where there is none. */
async function repeatExchange(
  ports: RefreshPorts,
  clientId: string | null,
  presented: string,
  presentedHash: string,
  settings: Settings,
  now: number,
): Promise<Exchanged | undefined> {
  if (settings.REFRESH_REUSE_GRACE === 0) return undefined;
  const tokens = await successorsOf(ports.issuer.keys, presented);
  const successors = await Promise.all(tokens.map(async (token) => ({ token, hash: await hashToken(token) })));
  const since = now - settings.REFRESH_REUSE_GRACE * 1000;
  const hashes = successors.map(({ hash }) => hash);
  const age = maxAgeMs(settings);
  const session = await ports.sessions.findRotatedSince(clientId, presentedHash, hashes, since, age, now);
  const successor = successors.find(({ hash }) => hash === session?.tokenHash);
  return session && successor ? { session, successor: successor.token } : undefined;
}

/** Ends the session whose current refresh token this is. Any other token is refused, and reuse revokes the session. */
export async function endByRefreshToken(
  ports: RefreshPorts,
  clientId: string | null,
  token: string,
  audit: AuditContext,
): Promise<'ended' | Refusal<'invalid_refresh_token'>> {
  const ended = await ports.sessions.endByToken(clientId, await hashToken(token), audit);
  return ended ? 'ended' : refuseReuse(ports, clientId, token, 'logout', audit);
}

/**
 * Refuses a token that is no session's current one. If it was one before, it was stolen, and its session is revoked. D1
 * recognises the last 8 rotations and imported tokens; KV every token that was issued here until it expires. A token of
 * another client's session is only refused.
 */
async function refuseReuse(
  { issuer, sessions, refreshTokens }: RefreshPorts,
  clientId: string | null,
  presented: string,
  by: RefusedToken['by'],
  audit: AuditContext,
): Promise<Refusal<'invalid_refresh_token'>> {
  const tokenHash = await hashToken(presented);
  const refused = { tokenHash, by };
  const descendants = await descendantHashes(issuer.keys, presented);
  const revoked = await sessions.revokeByReuse(clientId, descendants, refused, audit);
  if (!revoked) {
    const issued = await refreshTokens.lookUp(tokenHash);
    if (issued) await sessions.revokeUnlessCurrent(clientId, issued.sessionId, tokenHash, audit, refused);
  }
  return refuse('invalid_refresh_token');
}
