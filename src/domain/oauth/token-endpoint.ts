// The token endpoint (RFC 6749 §3.2): a code, a refresh token or a client's own credentials become tokens.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal, refuse } from '../refusal.ts';
import { newRefreshSession, remember } from '../sessions/issue.ts';
import type { Settings } from '../settings/settings.ts';
import { signClientToken } from '../tokens/jwt.ts';
import { type Client, isAllowed } from './client.ts';
import { challengeOf, hashCode, isCodeVerifier } from './code.ts';
import {
  type Form,
  type GrantedTokens,
  missing,
  type TokenPorts,
  type TokenRefusal,
  tokensOf,
} from './granted-tokens.ts';
import { refreshGrant } from './refresh-grant.ts';
import { formatScopes, wordsOf } from './scopes.ts';

/** The grant types that are supported, as discovery names them. */
export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;

/** The tokens that answer a request of an authenticated client. */
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

/** A client's own token stands for no account, and reads public data alone (RFC 6749 §4.4). */
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
