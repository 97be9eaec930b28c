// Rate limits by network, before anything is looked at. Guesses at one account are limited by
// domain/passwords/lockout.ts.
import { networkOf } from '../../domain/network.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

/**
 * The limits, each counted by itself. `RATE_LIMITER` in wrangler.toml sets how many calls a network may make in a
 * period. The binding counts per Cloudflare location and is permissive by design: it damps floods, decides nothing.
 */
export type RateLimit = 'sign-in' | 'sign-up' | 'refresh' | 'password-change' | 'password-forgotten' | 'mailed-link';

/** The period of `RATE_LIMITER`. */
const PERIOD_SECONDS = 10;

/** Refuses a call over the limit of its network. Without an address from Cloudflare there is nothing to count by. */
export async function refuseOverLimit(c: Context, limit: RateLimit): Promise<Refusal<'too_many_requests'> | undefined> {
  const address = c.req.header('CF-Connecting-IP');
  if (address === undefined || c.env.RATE_LIMITS === 'off') return undefined;
  const { success } = await c.env.RATE_LIMITER.limit({ key: `${limit}:${networkOf(address)}` });
  return success ? undefined : refuse('too_many_requests', { retryAfterSeconds: PERIOD_SECONDS });
}
