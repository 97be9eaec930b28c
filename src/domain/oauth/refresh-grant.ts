// The refresh token grant (RFC 6749 §6): the next token of a client's session.
import type { AuditContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { exchange } from '../sessions/refresh.ts';
import { hashToken } from '../sessions/refresh-token.ts';
import type { Settings } from '../settings/settings.ts';
import { type Client, isAllowed } from './client.ts';
import {
  type Form,
  type GrantedTokens,
  missing,
  type TokenPorts,
  type TokenRefusal,
  tokensOf,
} from './granted-tokens.ts';
import { isScope, type Scope, wordsOf } from './scopes.ts';

/** Exchanges a refresh token. One that has no scope left is refused and not used up. */
export async function refreshGrant(
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
 * The scopes of a refreshed token: those asked for, or else all granted ones, without any that the client may no longer
 * have (RFC 6749 §6).
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
