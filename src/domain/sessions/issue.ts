// Issuing tokens: a new session with its first token, and the tokens of a session that was just opened or refreshed.
import type { Settings } from '../settings/settings.ts';
import { type Issuer, signToken } from '../tokens/jwt.ts';
import { withinMaxAge } from './max-age.ts';
import { hashToken, newRefreshToken, type RefreshTokens } from './refresh-token.ts';
import type { AuthenticatedSession, NewSession, SessionHolder } from './session.ts';

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
  const expiresAt = now + withinMaxAge(settings.REFRESH_TOKEN_LIFETIME, settings) * 1000;
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
  expiresAt: now + sessionTokenLifetime(settings) * 1000,
});

/** In seconds. */
const sessionTokenLifetime = (settings: Settings): number => withinMaxAge(settings.SESSION_TOKEN_LIFETIME, settings);

/** The token of a session that was just opened. */
export async function issueSessionToken(
  issuer: Issuer,
  session: AuthenticatedSession,
  settings: Settings,
  now: number,
): Promise<SessionToken> {
  const lifetime = sessionTokenLifetime(settings);
  const token = await signToken(issuer, { ...session, use: 'session' }, lifetime, now);
  return { token, expiresInSeconds: lifetime };
}

/** The pair of a session that was just opened or refreshed. KV stores the refresh token's hash after the response. */
export async function issuePair(
  { issuer, refreshTokens }: TokenPairPorts,
  session: AuthenticatedSession,
  refresh: HashedToken,
  settings: Settings,
  now: number,
): Promise<TokenPair> {
  remember(refreshTokens, session, refresh, settings, now);
  return {
    accessToken: await signAccessToken(issuer, session, settings, now),
    refreshToken: refresh.token,
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
  };
}

/** Has KV store a refresh token's hash after the response. */
export const remember = (
  refreshTokens: RefreshTokens,
  { accountId, sessionId }: SessionHolder,
  { hash }: HashedToken,
  settings: Settings,
  now: number,
): void => refreshTokens.remember(hash, { accountId, sessionId, issuedAt: now }, settings.REFRESH_TOKEN_LIFETIME);

/** An access token of a live session. */
export const signAccessToken = (
  issuer: Issuer,
  session: AuthenticatedSession,
  settings: Settings,
  now: number,
): Promise<string> => signToken(issuer, { ...session, use: 'access' }, settings.ACCESS_TOKEN_LIFETIME, now);
