// Issuing tokens: a new session with its first token, and the tokens of a session that was just opened or refreshed.
import type { Settings } from '../settings/settings.ts';
import { type Issuer, signToken } from '../tokens/jwt.ts';
import { hashToken, newRefreshToken, type RefreshTokens } from './refresh-token.ts';
import type { NewSession, SessionHolder } from './session.ts';

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

export interface SessionToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

export interface TokenPairPorts {
  readonly issuer: Issuer;
  readonly refreshTokens: RefreshTokens;
}

export interface HashedToken {
  readonly token: string;
  readonly hash: string;
}

/** A new session for a token pair, and its first refresh token. */
export async function newRefreshSession(
  settings: Settings,
  now: number,
): Promise<{ readonly session: NewSession; readonly refresh: HashedToken }> {
  const token = newRefreshToken();
  const hash = await hashToken(token);
  const expiresAt = now + settings.REFRESH_TOKEN_LIFETIME * 1000;
  return {
    session: { id: crypto.randomUUID(), kind: 'refresh', tokenHash: hash, expiresAt },
    refresh: { token, hash },
  };
}

/** A new session for one session token. */
export const newTokenSession = (settings: Settings, now: number): NewSession => ({
  id: crypto.randomUUID(),
  kind: 'session',
  tokenHash: null,
  expiresAt: now + settings.SESSION_TOKEN_LIFETIME * 1000,
});

/** The token of a session that was just opened. */
export async function issueSessionToken(
  issuer: Issuer,
  holder: SessionHolder,
  settings: Settings,
  now: number,
): Promise<SessionToken> {
  const lifetime = settings.SESSION_TOKEN_LIFETIME;
  const token = await signToken(issuer, { ...holder, use: 'session' }, lifetime, now);
  return { token, expiresInSeconds: lifetime };
}

/** The pair of a session that was just opened or refreshed. KV stores the refresh token's hash after the response. */
export async function issuePair(
  { issuer, refreshTokens }: TokenPairPorts,
  holder: SessionHolder,
  refresh: HashedToken,
  settings: Settings,
  now: number,
): Promise<TokenPair> {
  refreshTokens.remember(refresh.hash, { ...holder, issuedAt: now }, settings.REFRESH_TOKEN_LIFETIME);
  return {
    accessToken: await signAccessToken(issuer, holder, settings, now),
    refreshToken: refresh.token,
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
  };
}

/** An access token of a live session. */
export const signAccessToken = (
  issuer: Issuer,
  { accountId, sessionId }: SessionHolder,
  settings: Settings,
  now: number,
): Promise<string> => signToken(issuer, { accountId, sessionId, use: 'access' }, settings.ACCESS_TOKEN_LIFETIME, now);
