// Who is asking: an access token speaks for itself, a session token only while its session lives.
import type { Account, Accounts } from '../accounts/account.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Sessions } from '../sessions/session.ts';
import type { Issuer, TokenClaims } from '../tokens/jwt.ts';
import { recognise } from '../tokens/verified-tokens.ts';

/** Somebody whose token holds. The account is there where checking the token loaded it. */
export interface Caller extends TokenClaims {
  readonly account: Account | undefined;
}

interface BearerPorts {
  readonly issuer: Issuer;
  readonly sessions: Sessions;
}

export type BearerReason =
  | 'token_required'
  | 'malformed_authorization'
  | 'token_invalid'
  | 'token_expired'
  | 'token_revoked';

/** How stale `last_used_at` may be: a write at every use would double what a check costs. */
const TOUCH_AFTER_MS = 5 * 60 * 1000;

/** The caller behind an `Authorization` header (RFC 6750 §2.1), or why there is none. */
export async function authenticateBearer(
  ports: BearerPorts,
  authorization: string | undefined,
  now: number,
): Promise<Caller | Refusal<BearerReason>> {
  if (authorization === undefined) return refuse('token_required');
  const token = /^Bearer +([^\s,]+) *$/i.exec(authorization)?.[1];
  if (!token) return refuse('malformed_authorization');
  const claims = await recognise(ports.issuer, token, now);
  if (isRefusal(claims)) return claims;
  return claims.use === 'access' ? { ...claims, account: undefined } : holderOf(ports.sessions, claims, now);
}

async function holderOf(
  sessions: Sessions,
  claims: TokenClaims,
  now: number,
): Promise<Caller | Refusal<'token_revoked'>> {
  const holder = await sessions.holder(claims.sessionId, now);
  if (holder?.account.id !== claims.accountId) return refuse('token_revoked');
  if (holder.lastUsedAt < now - TOUCH_AFTER_MS) sessions.touch(claims.sessionId, now);
  return { ...claims, account: holder.account };
}

/** The caller's account, which must be active still; loaded where the token's check did not. */
export async function accountOf(
  { accounts }: { readonly accounts: Accounts },
  caller: Caller,
): Promise<Account | Refusal<'token_revoked'>> {
  return caller.account ?? (await accounts.active(caller.accountId)) ?? refuse('token_revoked');
}

/** The caller's account if it is an active admin now: what a replica or a token says may be a moment old. */
export async function adminOf(
  { accounts }: { readonly accounts: Accounts },
  caller: Caller,
): Promise<Account | Refusal<'token_revoked' | 'forbidden'>> {
  const account = caller.account ?? (await accounts.activeNow(caller.accountId));
  if (!account) return refuse('token_revoked');
  return account.role === 'admin' ? account : refuse('forbidden');
}
