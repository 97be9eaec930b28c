// The claims about an account that a token's scopes let its client see (OpenID Connect Core §5.3, §5.4).
import type { Account } from '../accounts/account.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { findLiveSession, type LiveSessionPorts } from '../sessions/live.ts';
import type { Caller } from '../sign-in/caller.ts';
import type { Clients } from './client.ts';
import type { Scope } from './scopes.ts';

interface UserinfoPorts extends LiveSessionPorts {
  readonly clients: Clients;
}

/** An account, and the scopes whose claims are shown. */
export interface Userinfo {
  readonly account: Account;
  readonly scopes: readonly Scope[];
}

/** The claims that a token of our own logins, which has no scope, is shown. */
const ALL: readonly Scope[] = ['openid', 'profile', 'email'];

/** Looks up the session and the client in D1, so that a revocation counts at once. */
export async function userinfoOf(
  ports: UserinfoPorts,
  caller: Caller,
  now: number,
): Promise<Userinfo | Refusal<'insufficient_scope' | 'token_revoked'>> {
  const { client } = caller;
  if (client && !client.scopes.includes('openid')) return refuse('insufficient_scope', { scope: 'openid' });
  const [live, known] = await Promise.all([
    findLiveSession(ports, caller, now),
    client && ports.clients.find(client.id),
  ]);
  if (!live || (client && !known)) return refuse('token_revoked');
  return { account: live.account, scopes: client?.scopes ?? ALL };
}
