// A refresh spends the presented token and moves its session to the next; a token spent before is theft, or a retry within the grace.
import type { Origin } from '../audit/event.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import { hashesOfLine, hashToken, successorOf, successorsOf } from './refresh-token.ts';
import { issuePair, type PairPorts, type Sessions, signAccessToken, type TokenPair } from './session.ts';

type RefreshPorts = PairPorts & { readonly sessions: Sessions; readonly settings: SettingsStore };

/** Spends the presented token for a new pair. A token spent before is theft (RFC 9700 §4.14.2) unless it comes back within the grace. */
export async function refresh(
  ports: RefreshPorts,
  presented: string,
  origin: Origin,
  now: number,
): Promise<TokenPair | Refusal<'invalid_refresh_token'>> {
  const [settings, presentedHash, next] = await Promise.all([
    ports.settings.current(now),
    hashToken(presented),
    successorOf(ports.issuer.keys, presented),
  ]);
  const nextHash = await hashToken(next);
  const holder = await ports.sessions.rotate(
    presentedHash,
    nextHash,
    now + settings.REFRESH_TOKEN_LIFETIME * 1000,
    now,
  );
  if (holder) return issuePair(ports, holder, { token: next, hash: nextHash }, settings, now);
  return (
    (await repeatAnswer(ports, presented, presentedHash, settings, now)) ?? refuseReuse(ports, presented, origin, now)
  );
}

/** The answer that a retry within the grace missed, with a new access token; undefined where there is none to repeat. */
async function repeatAnswer(
  ports: RefreshPorts,
  presented: string,
  presentedHash: string,
  settings: Settings,
  now: number,
): Promise<TokenPair | undefined> {
  if (settings.REFRESH_REUSE_GRACE === 0) return undefined;
  const successors = await Promise.all(
    (await successorsOf(ports.issuer.keys, presented)).map(async (token) => ({ token, hash: await hashToken(token) })),
  );
  const since = now - settings.REFRESH_REUSE_GRACE * 1000;
  const hashes = successors.map(({ hash }) => hash);
  const spent = await ports.sessions.spentSince(presentedHash, hashes, since, now);
  const successor = successors.find(({ hash }) => hash === spent?.tokenHash);
  if (!spent || !successor) return undefined;
  return {
    accessToken: await signAccessToken(ports.issuer, spent, settings, now),
    refreshToken: successor.token,
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
  };
}

/** Ends the session that an unspent refresh token holds; any other token is refused, and a spent one revokes its session. */
export async function endByRefreshToken(
  ports: RefreshPorts,
  token: string,
  origin: Origin,
  now: number,
): Promise<'ended' | Refusal<'invalid_refresh_token'>> {
  const tokenHash = await hashToken(token);
  const ended = await ports.sessions.endByToken(tokenHash, { ...origin, actorId: null, now });
  return ended ? 'ended' : refuseReuse(ports, token, origin, now);
}

/** A token that cannot be used: where it was ours once, somebody else has it, and its session is revoked. D1 knows recent ones, KV all. */
async function refuseReuse(
  ports: RefreshPorts,
  presented: string,
  origin: Origin,
  now: number,
): Promise<Refusal<'invalid_refresh_token'>> {
  const act = { ...origin, actorId: null, now };
  const line = await hashesOfLine(ports.issuer.keys, presented);
  if (!(await ports.sessions.revokeHolder(line, act))) {
    const presentedHash = await hashToken(presented);
    const issued = await ports.refreshTokens.find(presentedHash);
    if (issued) await ports.sessions.revokeReused(issued.sessionId, presentedHash, act);
  }
  return refuse('invalid_refresh_token');
}
