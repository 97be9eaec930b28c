// Sessions of browsers on our pages: a cookie whose session and account are read from D1 at each page.
import type { Account } from '../accounts/account.ts';
import type { AuditContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Authentication } from '../sessions/authentication.ts';
import { findLiveSession, type LiveSessionPorts, recordUseIfStale } from '../sessions/live.ts';
import type { AuthenticatedSession, NewSession, Sessions } from '../sessions/session.ts';
import type { TokenClaims } from '../tokens/claims.ts';
import { type Issuer, signToken, verifyCookie } from '../tokens/jwt.ts';

/** A working day. Not a setting: a lifetime of a second would lock every admin out of the page that corrects it. */
export const PAGE_SESSION_SECONDS = 8 * 60 * 60;

/** A live session of a browser. */
export interface PageSession {
  readonly account: Account;
  readonly sessionId: string;
  readonly authentication: Authentication;
}

export const newPageSession = (now: number): NewSession => ({
  id: crypto.randomUUID(),
  kind: 'session',
  tokenHash: null,
  expiresAt: now + PAGE_SESSION_SECONDS * 1000,
});

/** The cookie of a session that was just opened. */
export const issueCookie = (
  issuer: Issuer,
  { accountId, sessionId }: Pick<AuthenticatedSession, 'accountId' | 'sessionId'>,
  now: number,
): Promise<string> => signToken(issuer, { accountId, sessionId, use: 'cookie' }, PAGE_SESSION_SECONDS, now);

/** The session of a cookie, if it is live and its account is active. */
export async function authenticatePage(
  ports: LiveSessionPorts & { readonly issuer: Issuer },
  cookie: string | undefined,
  now: number,
): Promise<PageSession | Refusal<'token_required'>> {
  const claims = await claimsOf(ports.issuer, cookie, now);
  const live = claims && (await findLiveSession(ports, claims, now));
  if (!claims || !live) return refuse('token_required');
  recordUseIfStale(ports.sessions, claims.sessionId, live.lastUsedAt, now);
  return { account: live.account, sessionId: claims.sessionId, authentication: live.authentication };
}

/** Ends the session of a cookie, so that the cookie works nowhere any more. A forged one ends nothing. */
export async function endPageSession(
  { issuer, sessions }: { readonly issuer: Issuer; readonly sessions: Sessions },
  cookie: string | undefined,
  audit: AuditContext,
): Promise<void> {
  const claims = await claimsOf(issuer, cookie, audit.now);
  if (claims) await sessions.end(claims, { ...audit, actorId: claims.accountId });
}

async function claimsOf(
  issuer: Issuer,
  cookie: string | undefined,
  now: number,
): Promise<TokenClaims<'cookie'> | undefined> {
  const claims = cookie === undefined ? undefined : await verifyCookie(issuer, cookie, now);
  return claims === undefined || isRefusal(claims) ? undefined : claims;
}
