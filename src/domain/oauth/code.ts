// Authorization codes: valid once, for a minute, for one client, redirect and code verifier (RFC 7636).
import { base64url } from 'jose';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { sha256Hex } from '../digest.ts';
import type { Refusal } from '../refusal.ts';
import type { AuthenticatedSession, NewSession } from '../sessions/session.ts';
import type { Scope } from './scopes.ts';

export const CODE_LIFETIME_MS = 60 * 1000;

/** A code to be issued to a client, for the account of the session that acts. */
export interface NewCode {
  readonly hash: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scopes: readonly Scope[];
  /** The `code_challenge` of method S256. */
  readonly challenge: string;
  readonly nonce: string | null;
  readonly expiresAt: number;
}

/** The parameters that a client presents with a code. */
export interface PresentedCode {
  readonly hash: string;
  readonly clientId: string;
  /** Undefined where the request has none: OAuth 2.1 clients send none. */
  readonly redirectUri: string | undefined;
  /** The challenge computed from the verifier that was sent. */
  readonly challenge: string;
}

/** A session that a code opened, and the claims that its ID token must repeat. */
export interface OpenedByCode {
  readonly session: AuthenticatedSession;
  readonly nonce: string | null;
}

export interface Codes {
  /** Issues a code, and gives or widens the grant, if the acting session is live. */
  issue(code: NewCode, audit: AuthorizedContext): Promise<'issued' | Refusal<'token_revoked' | 'forbidden'>>;
  /**
   * Uses a code up, whichever client presents it, and opens the session if it has not expired and client, redirect and
   * challenge match. A second use that matches revokes the session of the first (RFC 6749 §4.1.2). Without
   * `offline_access` the session has no refresh token, and ends at `onlineUntil`.
   */
  redeem(
    presented: PresentedCode,
    session: NewSession,
    onlineUntil: number,
    audit: AuditContext,
  ): Promise<OpenedByCode | Refusal<'invalid_grant'>>;
}

const CODE_BYTES = 32;

export const newCode = (): string => base64url.encode(crypto.getRandomValues(new Uint8Array(CODE_BYTES)));

/** Unsalted: a code has 256 random bits. */
export const hashCode = sha256Hex;

/** RFC 7636 §4.1: 43 to 128 unreserved characters. */
export const isCodeVerifier = (text: string): boolean => /^[\w.~-]{43,128}$/.test(text);

/** RFC 7636 §4.2: a SHA-256 in base64url. */
export const isCodeChallenge = (text: string): boolean => /^[\w-]{43}$/.test(text);

/** The S256 challenge of a verifier (RFC 7636 §4.6). */
export async function challengeOf(verifier: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  return base64url.encode(new Uint8Array(digest));
}
