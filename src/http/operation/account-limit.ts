// Rate limits by account, once the caller is known: one account cannot stall the store for the others.
import { setWithLimit } from '../../domain/map-with-limit.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { accountOf, type Caller } from '../../domain/sign-in/caller.ts';
import type { Context } from '../context.ts';
import { PERIOD_SECONDS } from './rate-limit.ts';

/**
 * The limits, each counted by itself over all sessions and tokens of an account. `RATE_LIMITER` in wrangler.toml sets
 * how many calls an account may make in a period.
 */
export type AccountLimit = 'write';

/** Refuses a call over the limit of its account. Admins have no limit, but nobody's role is looked at below it. */
export async function refuseOverAccountLimit(
  c: Context,
  limit: AccountLimit,
  caller: Caller,
): Promise<Refusal<'too_many_requests' | 'token_revoked'> | undefined> {
  if (c.env.RATE_LIMITS === 'off') return undefined;
  const { success } = await c.env.RATE_LIMITER.limit({ key: `${limit}:account:${caller.accountId}` });
  if (success) return undefined;
  const admin = await isAdmin(c, caller);
  if (isRefusal(admin)) return admin;
  return admin ? undefined : refuse('too_many_requests', { retryAfterSeconds: PERIOD_SECONDS });
}

const MAX_REMEMBERED = 1000;
/** When each of these accounts was last no admin: a burst of calls must not look it up each time. By isolate. */
const noAdmins = new Map<number, number>();

async function isAdmin(c: Context, caller: Caller): Promise<boolean | Refusal<'token_revoked'>> {
  if (caller.client || caller.atMost) return false;
  const now = c.get('now');
  const seenAt = noAdmins.get(caller.accountId);
  if (seenAt !== undefined && now >= seenAt && now < seenAt + PERIOD_SECONDS * 1000) return false;
  const account = await accountOf(c.get('ports'), caller);
  if (isRefusal(account)) return account;
  if (account.role === 'admin') return true;
  setWithLimit(noAdmins, caller.accountId, now, MAX_REMEMBERED);
  return false;
}
