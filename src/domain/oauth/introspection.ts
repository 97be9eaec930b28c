// Revocation (RFC 7009) and introspection (RFC 7662): a client ends, or asks about, its own tokens.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal } from '../refusal.ts';
import { findLiveSession } from '../sessions/live.ts';
import { endsAt, isOverAge } from '../sessions/max-age.ts';
import { endByRefreshToken, type RefreshPorts } from '../sessions/refresh.ts';
import { hashToken } from '../sessions/refresh-token.ts';
import { verifyToken } from '../tokens/jwt.ts';
import type { Client } from './client.ts';
import { formatScopes, type Scope } from './scopes.ts';

/** Revokes a refresh token, or the session behind an access token, if it is the client's own. */
export async function revokeToken(
  ports: RefreshPorts,
  client: Client,
  token: string,
  audit: AuditContext,
): Promise<void> {
  const claims = await verifyToken(ports.issuer, token, audit.now);
  if (isRefusal(claims)) await endByRefreshToken(ports, client.id, token, audit);
  else if (claims.use === 'access' && claims.client?.id === client.id) await ports.sessions.end(claims, audit);
}

/** The answer about an active token. Times are seconds since the epoch. */
export interface ActiveToken {
  readonly tokenType: 'access_token' | 'refresh_token';
  readonly scope: string;
  readonly subject: string;
  readonly sessionId: string | undefined;
  readonly username: string | undefined;
  readonly expiresAt: number;
}

/** An active token of the client; undefined for any other text, another client's token among them. */
export async function introspectToken(
  ports: RefreshPorts,
  client: Client,
  token: string,
  now: number,
): Promise<ActiveToken | undefined> {
  const claims = await verifyToken(ports.issuer, token, now);
  if (isRefusal(claims)) return introspectRefreshToken(ports, client, token, now);
  if (claims.client?.id !== client.id) return undefined;
  const { exp: expiresAt } = claims;
  const { scopes } = claims.client;
  const facts = { tokenType: 'access_token', scope: formatScopes(scopes), expiresAt } as const;
  if (claims.use === 'client') return { ...facts, subject: client.id, sessionId: undefined, username: undefined };
  const { accountId, sessionId } = claims;
  const live = await findLiveSession(ports, { accountId, sessionId }, now);
  if (!live) return undefined;
  return { ...facts, subject: String(accountId), sessionId, username: usernameFor(scopes, live.account.username) };
}

async function introspectRefreshToken(
  ports: RefreshPorts,
  client: Client,
  token: string,
  now: number,
): Promise<ActiveToken | undefined> {
  const [settings, session] = await Promise.all([
    ports.settings.current(now),
    ports.sessions.findByToken(client.id, await hashToken(token), now),
  ]);
  if (!session || isOverAge(session.createdAt, settings, now)) return undefined;
  const { scopes, accountId, sessionId } = session;
  return {
    tokenType: 'refresh_token',
    scope: formatScopes(scopes),
    subject: String(accountId),
    sessionId,
    username: undefined,
    expiresAt: Math.floor(endsAt(session, settings) / 1000),
  };
}

const usernameFor = (scopes: readonly Scope[], username: string | null): string | undefined =>
  scopes.includes('profile') ? (username ?? undefined) : undefined;
