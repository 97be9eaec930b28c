// The token endpoint (RFC 6749 §3.2): a code, a refresh token or a client's own credentials become tokens.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { newRefreshSession, remember, signAccessToken } from '../sessions/issue.ts';
import { exchange, type RefreshPorts } from '../sessions/refresh.ts';
import { hashToken } from '../sessions/refresh-token.ts';
import type { AuthenticatedSession } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import { signClientToken } from '../tokens/jwt.ts';
import { isAllowed } from './authorization.ts';
import type { Client } from './client.ts';
import { type Codes, challengeOf, hashCode, isCodeVerifier } from './code.ts';
import { signIdToken } from './id-token.ts';
import { formatScopes, isScope, type Scope, wordsOf } from './scopes.ts';

export interface TokenPorts extends RefreshPorts {
  readonly codes: Codes;
}

export interface GrantedTokens {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  readonly scopes: readonly Scope[];
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
}

type Form = Readonly<Record<string, string | undefined>>;

export const TOKEN_REASONS = [
  'invalid_request',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
] as const;

type TokenRefusal = Refusal<(typeof TOKEN_REASONS)[number]>;

/** The grant types that are supported, as discovery names them. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

const missing = (name: string): Refusal<'invalid_request'> =>
  refuse('invalid_request', { description: `${name} is missing.` });

/** The tokens that a request of an authenticated client is answered. */
export async function grantTokens(
  ports: TokenPorts,
  client: Client,
  form: Form,
  audit: AuditContext,
): Promise<GrantedTokens | TokenRefusal> {
  const settings = await ports.settings.current(audit.now);
  switch (form.grant_type) {
    case 'authorization_code':
      return redeemCode(ports, client, form, settings, audit);
    case 'refresh_token':
      return refreshGrant(ports, client, form, settings, audit);
    case 'client_credentials':
      return clientGrant(ports, client, form, settings, audit.now);
    default:
      return form.grant_type === undefined ? missing('grant_type') : refuse('unsupported_grant_type');
  }
}

async function redeemCode(
  ports: TokenPorts,
  client: Client,
  { code, redirect_uri: redirectUri, code_verifier: verifier }: Form,
  settings: Settings,
  audit: AuditContext,
): Promise<GrantedTokens | TokenRefusal> {
  if (code === undefined) return missing('code');
  if (verifier === undefined) return missing('code_verifier');
  if (!isCodeVerifier(verifier)) return refuse('invalid_request', { description: 'code_verifier is malformed.' });
  const challenge = await challengeOf(verifier);
  const { session, refresh } = await newRefreshSession(settings, audit.now);
  const presented = { hash: await hashCode(code), clientId: client.id, redirectUri, challenge };
  const onlineUntil = audit.now + settings.ACCESS_TOKEN_LIFETIME * 1000;
  const opened = await ports.codes.redeem(presented, session, onlineUntil, audit);
  if (isRefusal(opened)) return opened;
  const scopes = opened.session.client?.scopes ?? [];
  const isOffline = scopes.includes('offline_access');
  if (isOffline) remember(ports.refreshTokens, opened.session, refresh, settings, audit.now);
  const refreshToken = isOffline ? refresh.token : undefined;
  return tokensOf(ports, client, { ...opened, scopes, refreshToken }, settings, audit.now);
}

/** A token that no scope is left for is not used up. */
async function refreshGrant(
  ports: TokenPorts,
  client: Client,
  { refresh_token: presented, scope }: Form,
  settings: Settings,
  audit: AuditContext,
): Promise<GrantedTokens | TokenRefusal> {
  if (presented === undefined) return missing('refresh_token');
  const found = await ports.sessions.findByToken(client.id, await hashToken(presented), audit.now);
  const refused = found && scopesLeft(client, found.scopes, scope);
  if (isRefusal(refused)) return refused;
  const exchanged = await exchange(ports, client.id, presented, settings, audit);
  if (isRefusal(exchanged)) return refuse('invalid_grant');
  const { session, successor: refreshToken } = exchanged;
  const scopes = scopesLeft(client, session.client?.scopes ?? [], scope);
  if (isRefusal(scopes)) return scopes;
  return tokensOf(ports, client, { session, nonce: null, scopes, refreshToken }, settings, audit.now);
}

/**
 * The scopes of a refreshed token: those asked for, or else all that were granted, as far as the client may still have
 * them (RFC 6749 §6).
 */
function scopesLeft(
  client: Client,
  granted: readonly Scope[],
  asked: string | undefined,
): readonly Scope[] | Refusal<'invalid_scope'> {
  const allowed = granted.filter((scope) => isAllowed(client, scope));
  if (!allowed.includes('offline_access')) return refuse('invalid_scope');
  if (asked === undefined) return allowed;
  const words = wordsOf(asked);
  const isWithin = words.length > 0 && words.every((word) => isScope(word) && granted.includes(word));
  const left = allowed.filter((scope) => words.includes(scope));
  return isWithin && left.length > 0 ? left : refuse('invalid_scope');
}

/** A client by itself stands for nobody, and reads what is public (RFC 6749 §4.4). */
async function clientGrant(
  { issuer }: TokenPorts,
  client: Client,
  { scope }: Form,
  settings: Settings,
  now: number,
): Promise<GrantedTokens | TokenRefusal> {
  if (client.kind === 'public') return refuse('unauthorized_client');
  const scopes = ['entities:read'] as const;
  const isAsked = scope === undefined || formatScopes(scopes) === wordsOf(scope).join(' ');
  if (!isAsked || !isAllowed(client, 'entities:read')) return refuse('invalid_scope');
  const lifetime = settings.ACCESS_TOKEN_LIFETIME;
  const accessToken = await signClientToken(issuer, { id: client.id, scopes }, lifetime, now);
  return { accessToken, expiresInSeconds: lifetime, scopes, refreshToken: undefined, idToken: undefined };
}

interface Granted {
  readonly session: AuthenticatedSession;
  readonly nonce: string | null;
  readonly scopes: readonly Scope[];
  readonly refreshToken: string | undefined;
}

async function tokensOf(
  { issuer }: TokenPorts,
  client: Client,
  { session, nonce, scopes, refreshToken }: Granted,
  settings: Settings,
  now: number,
): Promise<GrantedTokens> {
  const scoped = { ...session, client: { id: client.id, scopes } };
  const isOpenId = scopes.includes('openid');
  return {
    accessToken: await signAccessToken(issuer, scoped, settings, now),
    expiresInSeconds: settings.ACCESS_TOKEN_LIFETIME,
    scopes,
    refreshToken,
    idToken: isOpenId ? await signIdToken(issuer, client, session, nonce, now) : undefined,
  };
}
