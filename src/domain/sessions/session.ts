// A session is one row that decides whether its tokens live.
import type { Account } from '../accounts/account.ts';
import type { Act } from '../audit/event.ts';
import type { Settings } from '../settings/settings.ts';
import { type Issuer, signToken } from '../tokens/jwt.ts';
import { hashToken, newRefreshToken, type RefreshTokens } from './refresh-token.ts';

export type SessionKind = 'refresh' | 'session';

/** A live session as its owner sees it. Times are milliseconds since the epoch. */
export interface Session {
  readonly id: string;
  readonly kind: SessionKind;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** A session that is about to be opened. */
export interface NewSession {
  readonly id: string;
  readonly kind: SessionKind;
  /** SHA-256 of its refresh token; null for a session token's. */
  readonly tokenHash: string | null;
  readonly expiresAt: number;
}

export interface SessionHolder {
  readonly sessionId: string;
  readonly accountId: number;
}

/** Why a session was ended by someone or something other than its logout. */
export type RevocationReason = 'by_owner' | 'by_admin' | 'password_changed' | 'account_deactivated';

/** Where sessions are kept. "Live" is: not revoked, not expired, and its account active; it stands in the WHERE of each statement. */
export interface Sessions {
  /** The account of a live session and when the session was last used, asked of the primary. */
  holder(
    sessionId: string,
    now: number,
  ): Promise<{ readonly account: Account; readonly lastUsedAt: number } | undefined>;
  /** Notes that a session was used, after the answer is sent. */
  touch(sessionId: string, now: number): void;
  /** Moves a live session from the presented token to the next in one compare-and-swap. */
  rotate(presentedHash: string, nextHash: string, expiresAt: number, now: number): Promise<SessionHolder | undefined>;
  /** The live session that spent this token after `since` and holds one of these successors of it, with the hash of that. */
  spentSince(
    presentedHash: string,
    successorHashes: readonly string[],
    since: number,
    now: number,
  ): Promise<(SessionHolder & { readonly tokenHash: string }) | undefined>;
  /** Ends the live session that holds this unspent token. */
  endByToken(tokenHash: string, act: Act): Promise<boolean>;
  /** Revokes the live session that holds one of these unspent tokens. */
  revokeHolder(tokenHashes: readonly string[], act: Act): Promise<boolean>;
  /** Revokes this live session unless the token is the one it holds now. */
  revokeReused(sessionId: string, spentHash: string, act: Act): Promise<boolean>;
  /** Logs out: ends one live session. */
  end(holder: SessionHolder, act: Act): Promise<boolean>;
  /** An account's live sessions, used last first, at most `MAX_LISTED`. */
  list(accountId: number, now: number): Promise<readonly Session[]>;
  /** Revokes one live session of an account. */
  revoke(holder: SessionHolder, reason: RevocationReason, act: Act): Promise<boolean>;
  /** Revokes an account's live sessions, but for `exceptId`. */
  revokeAll(accountId: number, exceptId: string | null, reason: RevocationReason, act: Act): Promise<void>;
}

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

export interface SessionToken {
  readonly token: string;
  readonly expiresInSeconds: number;
}

/** What issuing a pair needs. */
export interface PairPorts {
  readonly issuer: Issuer;
  readonly refreshTokens: RefreshTokens;
}

/** A refresh token with its hash. */
export interface HashedToken {
  readonly token: string;
  readonly hash: string;
}

/** A new session of the refresh kind and the first token that keeps it going. */
export async function newPairSession(
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
  return { token: await signToken(issuer, { ...holder, use: 'session' }, lifetime, now), expiresInSeconds: lifetime };
}

/** The pair of a session that was just opened or refreshed; the refresh token is remembered after the answer. */
export async function issuePair(
  { issuer, refreshTokens }: PairPorts,
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
