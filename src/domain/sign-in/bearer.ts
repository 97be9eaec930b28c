// Bearer tokens: an access token is verified by its signature alone, a session token also by its session in D1.
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { findLiveSession, type LiveSessionPorts, recordUseIfStale } from '../sessions/live.ts';
import type { ClientClaims, TokenClaims } from '../tokens/claims.ts';
import type { Issuer } from '../tokens/jwt.ts';
import { verifyCached } from '../tokens/verified-tokens.ts';
import type { Caller } from './caller.ts';

interface BearerPorts extends LiveSessionPorts {
  readonly issuer: Issuer;
}

export type BearerReason =
  | 'token_required'
  | 'malformed_authorization'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked';

/** The claims of an `Authorization` header's token (RFC 6750 §2.1), whose session may have ended. */
export async function bearerClaims(
  issuer: Issuer,
  authorization: string | undefined,
  now: number,
): Promise<TokenClaims | ClientClaims | Refusal<BearerReason>> {
  if (authorization === undefined) return refuse('token_required');
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization)?.[1];
  return token ? verifyCached(issuer, token, now) : refuse('malformed_authorization');
}

/** The caller of an `Authorization` header, or the client that a token was given to for itself. */
export async function authenticateBearer(
  ports: BearerPorts,
  authorization: string | undefined,
  now: number,
): Promise<Caller | ClientClaims | Refusal<BearerReason>> {
  const claims = await bearerClaims(ports.issuer, authorization, now);
  if (isRefusal(claims) || claims.use === 'client') return claims;
  return claims.use === 'access' ? { ...claims, use: 'access' } : callerOfSession(ports, claims, now);
}

async function callerOfSession(
  ports: LiveSessionPorts,
  claims: TokenClaims,
  now: number,
): Promise<Caller | Refusal<'token_revoked'>> {
  const live = await findLiveSession(ports, claims, now);
  if (!live) return refuse('token_revoked');
  recordUseIfStale(ports.sessions, claims.sessionId, live.lastUsedAt, now);
  return { ...claims, use: 'session', account: live.account, authentication: live.authentication };
}
