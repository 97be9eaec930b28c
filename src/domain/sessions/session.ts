// A session is one row that decides whether its tokens are valid.
import type { Account } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import type { Scope } from '../oauth/scopes.ts';
import type { Refusal } from '../refusal.ts';
import type { TokenClient } from '../tokens/claims.ts';
import type { Authentication } from './authentication.ts';
import type { RevocationReason } from './revocation.ts';

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

/** A session to be opened. */
export interface NewSession {
  readonly id: string;
  readonly kind: SessionKind;
  /** SHA-256 of its refresh token; null for a session token's session. */
  readonly tokenHash: string | null;
  readonly expiresAt: number;
}

export interface SessionHolder {
  readonly sessionId: string;
  readonly accountId: number;
}

/** A session that tokens are issued for. */
export interface AuthenticatedSession extends SessionHolder {
  /** The client that it was opened for; absent for the four APIs' own logins. */
  readonly client?: TokenClient;
  readonly authentication: Authentication;
}

/** A live session of a client. */
export interface ClientSession extends SessionHolder {
  readonly scopes: readonly Scope[];
  /** Milliseconds since the epoch, as is its end. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** A live session with its account, as the primary knows them. */
export interface LiveSession {
  readonly account: Account;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly client?: TokenClient;
  readonly authentication: Authentication;
}

/** The ends of a session that is refreshed, in milliseconds. */
export interface SessionEnds {
  /** When it expires unless it is refreshed again. */
  readonly expiresAt: number;
  /** How long after it was opened it ends at the latest. */
  readonly maxAgeMs: number;
}

/** A token that was presented and is no live session's current one. */
export interface RefusedToken {
  readonly tokenHash: string;
  /** The operation that refuses it. Refused refreshes of sessions that we know are on record. */
  readonly by: 'refresh' | 'logout';
}

/**
 * The sessions table. A session is live if it is not revoked and not expired, and its account is active; every
 * statement has this condition in its WHERE.
 */
export interface Sessions {
  findLive(sessionId: string, now: number): Promise<LiveSession | undefined>;
  /** Records that a session was used, after the response is sent. */
  recordUse(sessionId: string, now: number): void;
  /**
   * Rotates the refresh token of a live session from the presented one to the next, in one compare-and-swap. The
   * session must be that client's; null for the four APIs' own.
   */
  rotate(
    clientId: string | null,
    presentedHash: string,
    nextHash: string,
    ends: SessionEnds,
    now: number,
  ): Promise<AuthenticatedSession | undefined>;
  /** The live session that rotated this token after `since` to one of these successors. */
  findRotatedSince(
    clientId: string | null,
    presentedHash: string,
    successorHashes: readonly string[],
    since: number,
    maxAgeMs: number,
    now: number,
  ): Promise<(AuthenticatedSession & { readonly tokenHash: string }) | undefined>;
  /** The live session of a client whose current token this is. */
  findByToken(clientId: string, tokenHash: string, now: number): Promise<ClientSession | undefined>;
  /** Ends the live session whose current token this is. */
  endByToken(clientId: string | null, tokenHash: string, audit: AuditContext): Promise<boolean>;
  /**
   * Revokes the live session whose current token is one of the descendants of the refused one, or that was imported
   * with it. Where it was refused at a refresh and its session has ended, records that.
   */
  revokeByReuse(
    clientId: string | null,
    descendantHashes: readonly string[],
    refused: RefusedToken,
    audit: AuditContext,
  ): Promise<boolean>;
  /**
   * Revokes this live session unless the token is its current one. Where the token was refused at a refresh and the
   * session has ended, records that.
   */
  revokeUnlessCurrent(
    clientId: string | null,
    sessionId: string,
    tokenHash: string,
    audit: AuditContext,
    refused?: RefusedToken,
  ): Promise<boolean>;
  /** Logs out: ends one live session. */
  end(holder: SessionHolder, audit: AuditContext): Promise<boolean>;
  /** An account's live sessions, the last used first, at most 500. */
  list(accountId: number, now: number): Promise<readonly Session[]>;
  /** Revokes one live session of an account. */
  revoke(
    holder: SessionHolder,
    reason: RevocationReason,
    audit: AuthorizedContext,
  ): Promise<'revoked' | Refusal<'session_not_found' | 'token_revoked' | 'forbidden'>>;
  /** Revokes all live sessions of an account but `exceptId`. */
  revokeAll(
    accountId: number,
    exceptId: string | null,
    reason: RevocationReason,
    audit: AuthorizedContext,
  ): Promise<'revoked' | Refusal<'token_revoked' | 'forbidden'>>;
}
