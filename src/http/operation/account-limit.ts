// Rate limits by account, once the caller is known: one account cannot stall the store for the others.
import { setWithLimit } from '../../domain/map-with-limit.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { bearerClaims } from '../../domain/sign-in/bearer.ts';
import { accountOf, type Caller } from '../../domain/sign-in/caller.ts';
import type { Context } from '../context.ts';
import type { OverLimits } from './over-limits.ts';
import { CALLS_PER_PERIOD, PERIOD_SECONDS } from './rate-limit.ts';

/**
 * The limits, each counted by itself over all sessions and tokens of an account. `RATE_LIMITER` in wrangler.toml sets
 * how many calls an account may make in a period.
 */
export type AccountLimit = 'write';

/** Refuses a call over the limit of its account. Admins have no limit, but a role is looked up only above it. */
export async function refuseOverAccountLimit(
  c: Context,
  limit: AccountLimit,
  caller: Caller,
): Promise<Refusal<'too_many_requests' | 'token_revoked'> | undefined> {
  if (c.env.RATE_LIMITS === 'off') return undefined;
  const { sessions, nextAt } = c.get('overLimits');
  const [key, account] = [keyOf(limit, caller), accountKeyOf(limit, caller)];
  const { success } = await c.env.RATE_LIMITER.limit({ key: account });
  if (success && !sessions.has(key)) return undefined;
  const admin = await isAdmin(c, caller);
  if (isRefusal(admin)) return admin;
  if (admin) sessions.delete(key);
  if (success || admin) return undefined;
  remember(sessions, key, c.get('now'));
  setWithLimit(nextAt, account, c.get('now') + SPACING_MS, MAX_REMEMBERED);
  return TOO_MANY;
}

const PERIOD_MS = PERIOD_SECONDS * 1000;
const SPACING_MS = PERIOD_MS / CALLS_PER_PERIOD;
const TOO_MANY = refuse('too_many_requests', { retryAfterSeconds: PERIOD_SECONDS });

const keyOf = (limit: AccountLimit, { sessionId }: { readonly sessionId: string }) => `${limit}:${sessionId}`;
const accountKeyOf = (limit: AccountLimit, { accountId }: { readonly accountId: number }) =>
  `${limit}:account:${accountId}`;

const remember = (sessions: Map<string, number>, key: string, now: number): void =>
  setWithLimit(sessions, key, now + PERIOD_MS, MAX_REMEMBERED);

/**
 * Refuses most calls of a session that this isolate found over the limit, before its body and row are read, until a
 * period has passed without a refused one. As many as the limit allows go on to be counted, evenly spaced over all
 * sessions of the account: a client that does not stop would otherwise send them all in a period's first moment.
 */
export async function refuseRememberedAccount(
  c: Context,
  limit: AccountLimit,
): Promise<Refusal<'too_many_requests'> | undefined> {
  const overLimits = c.get('overLimits');
  const { sessions, nextAt } = overLimits;
  if (sessions.size === 0 || c.env.RATE_LIMITS === 'off') return undefined;
  const now = c.get('now');
  const claims = await bearerClaims(c.get('ports').issuer, c.req.header('Authorization'), now);
  if (isRefusal(claims) || claims.use === 'client') return undefined;
  const key = keyOf(limit, claims);
  const until = sessions.get(key);
  if (until === undefined) return undefined;
  if (now >= until) {
    sessions.delete(key);
    return undefined;
  }
  const account = accountKeyOf(limit, claims);
  if (now >= (nextAt.get(account) ?? 0)) {
    setWithLimit(nextAt, account, now + SPACING_MS, MAX_REMEMBERED);
    return undefined;
  }
  remember(sessions, key, now);
  c.get('metrics').accountId = claims.accountId;
  await heldBack(overLimits, now);
  return TOO_MANY;
}

const MAX_REMEMBERED = 1000;
const HELD_MS = 250;
const HELD_APART_MS = 8;

/**
 * Holds a refusal back: a client that sends its next call as soon as one is refused gets four refusals a second on each
 * connection, not hundreds. They leave one after another, since all at once would stall the others. Where one would
 * wait for longer than its `Retry-After` says, none is held for a period: what waits takes memory.
 */
async function heldBack(overLimits: OverLimits, now: number): Promise<void> {
  const until = Math.max(now + HELD_MS, overLimits.heldUntil + HELD_APART_MS);
  if (until > now + PERIOD_MS) overLimits.holdsFrom = now + PERIOD_MS;
  if (now < overLimits.holdsFrom) return;
  overLimits.heldUntil = until;
  await scheduler.wait(until - now);
}

async function isAdmin(c: Context, caller: Caller): Promise<boolean | Refusal<'token_revoked'>> {
  if (caller.client || caller.atMost) return false;
  const now = c.get('now');
  const { noAdmins } = c.get('overLimits');
  const seenAt = noAdmins.get(caller.accountId);
  if (seenAt !== undefined && now >= seenAt && now < seenAt + PERIOD_MS) return false;
  const account = await accountOf(c.get('ports'), caller);
  if (isRefusal(account)) return account;
  if (account.role === 'admin') return true;
  setWithLimit(noAdmins, caller.accountId, now, MAX_REMEMBERED);
  return false;
}
