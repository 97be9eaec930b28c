// Rate limits by network. account-limit.ts counts by account, and guesses at one account are limited by
// domain/passwords/lockout.ts.
import { setWithLimit } from '../../domain/map-with-limit.ts';
import { networkOf } from '../../domain/network.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

/**
 * Limits that count every call, before anything else. `RATE_LIMITER` in wrangler.toml sets how many calls a network may
 * make in a period, of each limit by itself. The binding counts per Cloudflare location and is permissive by design: it
 * damps bursts and guarantees nothing.
 */
export type RateLimit = 'sign-in' | 'sign-up' | 'password-change' | 'password-forgotten' | 'mailed-link';

/**
 * Limits that count refused calls alone, so that any number of clients behind one address may make right ones. The
 * isolate that finds a network over the limit remembers it for a period, and refuses its calls before any work.
 */
export type RefusalLimit = 'refresh' | 'logout' | 'client';

/** The period and the limit of `RATE_LIMITER`. */
export const PERIOD_SECONDS = 10;
export const CALLS_PER_PERIOD = 60;

/** Refuses a call over the limit of its network. Without an address from Cloudflare there is nothing to count by. */
export async function refuseOverLimit(c: Context, limit: RateLimit): Promise<Refusal<'too_many_requests'> | undefined> {
  const key = keyOf(c, limit);
  return key === undefined || (await count(c, key)) ? undefined : tooMany(PERIOD_SECONDS);
}

const MAX_REMEMBERED = 10_000;

/** Refuses a call of a network that this isolate found over the limit. */
export function refuseRemembered(c: Context, limit: RefusalLimit): Refusal<'too_many_requests'> | undefined {
  const until = c.get('overLimits').networks.get(keyOf(c, limit) ?? '') ?? 0;
  const leftMs = until - c.get('clock')();
  return leftMs > 0 ? tooMany(Math.ceil(leftMs / 1000)) : undefined;
}

/** Counts a call that was refused. Over the limit it is answered as such, and its network is remembered. */
export async function countRefusal(c: Context, limit: RefusalLimit): Promise<Refusal<'too_many_requests'> | undefined> {
  const key = keyOf(c, limit);
  if (key === undefined || (await count(c, key))) return undefined;
  setWithLimit(c.get('overLimits').networks, key, c.get('clock')() + PERIOD_SECONDS * 1000, MAX_REMEMBERED);
  return tooMany(PERIOD_SECONDS);
}

function keyOf(c: Context, limit: RateLimit | RefusalLimit): string | undefined {
  const address = c.req.header('CF-Connecting-IP');
  return address === undefined || c.env.RATE_LIMITS === 'off' ? undefined : `${limit}:${networkOf(address)}`;
}

const count = async (c: Context, key: string): Promise<boolean> => (await c.env.RATE_LIMITER.limit({ key })).success;

const tooMany = (retryAfterSeconds: number) => refuse('too_many_requests', { retryAfterSeconds });
