// A refresh rotates a session's token. A token that was rotated before is theft, or a retry within the grace.
import type { AuditContext } from '../audit-context.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import { issuePair, signAccessToken, type TokenPair, type TokenPairPorts } from './issue.ts';
import { maxAgeMs } from './max-age.ts';
import { descendantHashes, hashToken, successorOf, successorsOf } from './refresh-token.ts';
import type { RefusedToken, Sessions } from './session.ts';

interface RefreshPorts extends TokenPairPorts {
  readonly sessions: Sessions;
  readonly settings: SettingsStore;
}

/**
 * Exchanges the presented token for a new pair. A token that was exchanged before is theft (RFC 9700 §4.14.2) unless
 * it comes back within `REFRESH_REUSE_GRACE`.
 */
export async function refresh(
  ports: RefreshPorts,
  presented: string,
  audit: AuditContext,
): Promise<TokenPair | Refusal<'invalid_refresh_token'>> {
  const { now } = audit;
  const [settings, presentedHash, next] = await Promise.all([
    ports.settings.current(now),
    hashToken(presented),
    successorOf(ports.issuer.keys, presented),
  ]);
  const nextHash = await hashToken(next);
  const expiresAt = now + settings.REFRESH_TOKEN_LIFETIME * 1000;
  const ends = { expiresAt, maxAgeMs: maxAgeMs(settings) };
  const session = await ports.sessions.rotate(presentedHash, nextHash, ends, now);
  if (session) return issuePair(ports, session, { token: next, hash: nextHash }, settings, now);
  return (
    (await repeatAnswer(ports, presented, presentedHash, settings, now)) ??
    refuseReuse(ports, presented, 'refresh', audit)
  );
}

/** The pair that a retry within the grace missed, with a new access token; undefined where there is none. */
async function repeatAnswer(
  ports: RefreshPorts,
  presented: string,
  presentedHash: string,
  settings: Settings,
  now: number,
): Promise<TokenPair | undefined> {
  if (settings.REFRESH_REUSE_GRACE === 0) return undefined;
  const tokens = await successorsOf(ports.issuer.keys, presented);
  const successors = await Promise.all(tokens.map(async (token) => ({ token, hash: await hashToken(token) })));
  const since = now - settings.REFRESH_REUSE_GRACE * 1000;
  const hashes = successors.map(({ hash }) => hash);
  const rotated = await ports.sessions.findRotatedSince(presentedHash, hashes, since, maxAgeMs(settings), now);
  const successor = successors.find(({ hash }) => hash === rotated?.tokenHash);
  if (!rotated || !successor) return undefined;
  return {
    accessToken: await signAccessToken(ports.issuer, rotated, settings, now),
    refreshToken: successor.token,
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
  };
}

/** Ends the session whose current refresh token this is. Any other token is refused, and reuse revokes the session. */
export async function endByRefreshToken(
  ports: RefreshPorts,
  token: string,
  audit: AuditContext,
): Promise<'ended' | Refusal<'invalid_refresh_token'>> {
  const ended = await ports.sessions.endByToken(await hashToken(token), audit);
  return ended ? 'ended' : refuseReuse(ports, token, 'logout', audit);
}

/**
 * Refuses a token that is nobody's current one. If it was ours once, it was stolen, and its session is revoked. D1
 * recognises the last 8 rotations and imported tokens; KV every token that was issued here until it expires.
 */
async function refuseReuse(
  { issuer, sessions, refreshTokens }: RefreshPorts,
  presented: string,
  by: RefusedToken['by'],
  audit: AuditContext,
): Promise<Refusal<'invalid_refresh_token'>> {
  const tokenHash = await hashToken(presented);
  const refused = { tokenHash, by };
  const descendants = await descendantHashes(issuer.keys, presented);
  const revoked = await sessions.revokeByReuse(descendants, refused, audit);
  if (!revoked) {
    const issued = await refreshTokens.lookUp(tokenHash);
    if (issued) await sessions.revokeUnlessCurrent(issued.sessionId, tokenHash, audit, refused);
  }
  return refuse('invalid_refresh_token');
}
