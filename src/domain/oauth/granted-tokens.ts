// The answer of the token endpoint (RFC 6749 §5.1): the tokens of a session for its client.
import { type Refusal, refuse } from '../refusal.ts';
import { signAccessToken } from '../sessions/issue.ts';
import type { RefreshPorts } from '../sessions/refresh.ts';
import type { AuthenticatedSession } from '../sessions/session.ts';
import type { Settings } from '../settings/settings.ts';
import type { Client } from './client.ts';
import type { Codes } from './code.ts';
import { signIdToken } from './id-token.ts';
import type { Scope } from './scopes.ts';

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

export type Form = Readonly<Record<string, string | undefined>>;

export const TOKEN_REASONS = [
  'invalid_request',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
] as const;

export type TokenRefusal = Refusal<(typeof TOKEN_REASONS)[number]>;

export const missing = (name: string): Refusal<'invalid_request'> =>
  refuse('invalid_request', { description: `${name} is missing.` });

interface Granted {
  readonly session: AuthenticatedSession;
  readonly nonce: string | null;
  readonly scopes: readonly Scope[];
  readonly refreshToken: string | undefined;
}

export async function tokensOf(
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
