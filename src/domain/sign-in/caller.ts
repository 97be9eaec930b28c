// The caller of an operation: the account or client of a bearer token, and its right to act.
import type { Account, Accounts } from '../accounts/account.ts';
import type { Authority, SessionProof } from '../audit-context.ts';
import type { Reader } from '../entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type Authentication, provedTwoFactors } from '../sessions/authentication.ts';
import { findLiveSession, type LiveSessionPorts } from '../sessions/live.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { TokenClaims } from '../tokens/claims.ts';
import { type AdminProofPorts, proveAdmin } from './admin-proof.ts';

interface TokenCaller extends TokenClaims {
  /** The proof that was required of the session; the caller's writes require it again. */
  readonly proven?: SessionProof;
  /** The caller has a user's rights and no admin's, whatever the account's role. */
  readonly atMost?: 'user';
}

/** An access token is trusted without reading its account. */
export interface AccessTokenCaller extends TokenCaller {
  readonly use: 'access';
  readonly account?: Account;
}

/** A session token was checked with its session, in the query that loaded its account. */
export interface SessionTokenCaller extends TokenCaller {
  readonly use: 'session';
  readonly account: Account;
  readonly authentication: Authentication;
}

export type Caller = AccessTokenCaller | SessionTokenCaller;

/** A caller whose account was loaded. */
export type AccountCaller = Caller & { readonly account: Account };

/**
 * The conditions of the caller's writes: the account is active, and the session lives, if the token is a session token
 * or a proof was required of the session.
 */
export const authorityOf = ({ accountId, sessionId, use, client, atMost, proven }: Caller): Authority => ({
  accountId,
  sessionId: use === 'session' || proven ? sessionId : null,
  role: null,
  ...(client || atMost ? { atMost: 'user' as const } : {}),
  ...(proven ? { proven } : {}),
});

/** The caller as a reader of entities; undefined for nobody. */
export const readerOf = (caller: Caller | undefined): Reader | undefined =>
  caller && { accountId: caller.accountId, ...(caller.client || caller.atMost ? { atMost: 'user' } : {}) };

/** The caller's account, which must be active. An access token's may come from a replica. */
export async function accountOf(
  { accounts }: { readonly accounts: Accounts },
  caller: Caller,
): Promise<Account | Refusal<'token_revoked'>> {
  return caller.account ?? (await accounts.findActive(caller.accountId)) ?? refuse('token_revoked');
}

type AdminPorts = LiveSessionPorts & AdminProofPorts & { readonly accounts: Accounts };

/**
 * The caller with its account, if its token is no client's, and its account is an active admin now, as the primary
 * knows, and the session proved enough.
 */
export async function adminOf(
  ports: AdminPorts,
  caller: Caller,
  now: number,
): Promise<
  | AccountCaller
  | Refusal<'token_revoked' | 'forbidden' | 'reauthentication_required' | 'second_factor_enrollment_required'>
> {
  if (caller.client) return refuse('forbidden');
  const { ADMIN_SECOND_FACTOR_REQUIRED: isRequired } = await ports.settings.current(now);
  if (!isRequired) {
    const account = caller.account ?? (await ports.accounts.findAuthorized(authorityOf(caller), now));
    if (!account) return refuse('token_revoked');
    return account.role === 'admin' ? { ...caller, account } : refuse('forbidden');
  }
  const session = caller.use === 'session' ? caller : await findLiveSession(ports, caller, now);
  if (!session) return refuse('token_revoked');
  const proven = await proveAdmin(ports, session);
  return isRefusal(proven) ? proven : { ...caller, account: session.account, proven: { ...caller.proven, ...proven } };
}

/**
 * The caller, limited to a user's rights where ADMIN_SECOND_FACTOR_REQUIRED requires two factors of admins that the
 * session did not prove: statements on entities and games check the role without `adminOf`.
 */
export async function heldToFactors<C extends Caller>(
  { settings }: { readonly settings: SettingsStore },
  caller: C,
  now: number,
): Promise<C> {
  const proved = caller.use === 'session' ? provedTwoFactors(caller.authentication) : caller.twoFactors;
  if (proved || caller.client) return caller;
  const { ADMIN_SECOND_FACTOR_REQUIRED: isRequired } = await settings.current(now);
  return isRequired ? { ...caller, atMost: 'user' } : caller;
}
