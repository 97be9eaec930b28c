// Floods from one address are damped before anything is looked at; guessing at one account is domain/passwords/lockout.ts's.
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { Context } from '../context.ts';

/**
 * What is limited, each by itself: `FLOOD_LIMIT` in wrangler.toml lets through this many calls per address and period.
 * The binding counts per Cloudflare location and is permissive by design, so it damps and does not decide.
 */
export type Flood = 'sign-in' | 'sign-up' | 'refresh' | 'password-change';

/** The period of `FLOOD_LIMIT`: waiting this long is always enough. */
const PERIOD_SECONDS = 10;

/** Refuses a call of an address that makes too many. Cloudflare names the address; where it names none there is nothing to count by. */
export async function refuseFlood(c: Context, flood: Flood): Promise<Refusal<'too_many_requests'> | undefined> {
  const address = c.req.header('CF-Connecting-IP');
  if (address === undefined || c.env.RATE_LIMITS === 'off') return undefined;
  const { success } = await c.env.FLOOD_LIMIT.limit({ key: `${flood}:${networkOf(address)}` });
  return success ? undefined : refuse('too_many_requests', { retryAfterSeconds: PERIOD_SECONDS });
}

/** An IPv4 address as it is, and the /64 of an IPv6 one: a household or a server has all of its addresses. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const before = head.split(':').filter(Boolean);
  const after = (tail ?? '').split(':').filter(Boolean);
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  const groups = [...before, ...zeros, ...after].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}
