// The caller of an operation: who a bearer token stands for, and what lets them act.
import type { Account, Accounts } from '../accounts/account.ts';
import type { Authority } from '../audit-context.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { TokenClaims } from '../tokens/jwt.ts';

/** An access token is believed without a look at its account. */
export interface AccessTokenCaller extends TokenClaims {
  readonly use: 'access';
  readonly account?: Account;
}

/** A session token was checked with its session, in the query that loaded its account. */
export interface SessionTokenCaller extends TokenClaims {
  readonly use: 'session';
  readonly account: Account;
}

export type Caller = AccessTokenCaller | SessionTokenCaller;

/** A caller whose account was loaded. */
export type AccountCaller = Caller & { readonly account: Account };

/** What must still be true when the caller writes: the account is active, and a session token's session lives. */
export const authorityOf = ({ accountId, sessionId, use }: TokenClaims): Authority => ({
  accountId,
  sessionId: use === 'session' ? sessionId : null,
  role: null,
});

/** The caller's account, which must be active. An access token's may come from a replica. */
export async function accountOf(
  { accounts }: { readonly accounts: Accounts },
  caller: Caller,
): Promise<Account | Refusal<'token_revoked'>> {
  return caller.account ?? (await accounts.findActive(caller.accountId)) ?? refuse('token_revoked');
}

/** The caller's account if it is an active admin now, as the primary knows. */
export async function adminOf(
  { accounts }: { readonly accounts: Accounts },
  caller: Caller,
  now: number,
): Promise<Account | Refusal<'token_revoked' | 'forbidden'>> {
  const account = caller.account ?? (await accounts.findAuthorized(authorityOf(caller), now));
  if (!account) return refuse('token_revoked');
  return account.role === 'admin' ? account : refuse('forbidden');
}
