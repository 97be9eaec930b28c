// Reads that need no token: anonymous ones are public and come from the edge cache where they can, those with a token never do.

import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/bearer.ts';
import type { Context } from '../context.ts';

/** How long an anonymous read may be old, here and with whoever caches it. */
export const PUBLIC_SECONDS = 5;

const PUBLIC = { 'Cache-Control': `public, max-age=${PUBLIC_SECONDS}`, Vary: 'Authorization' };
const PRIVATE = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' };

/** A body to answer with and the headers that say who may keep it. */
export interface Read<T> {
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads for a caller, or for anybody through the cache. `query` is everything besides the path that the answer depends on.
 * Only an answer to nobody in particular gets into the cache, and refusals never do.
 */
export async function readPublicly<T extends object>(
  c: Context,
  caller: Caller | undefined,
  query: Readonly<Record<string, string>>,
  read: () => Promise<T>,
): Promise<Read<Exclude<T, Refusal>> | Extract<T, Refusal>> {
  const { publicReads } = c.get('ports');
  const now = c.get('now');
  const url = cacheUrl(c.req.url, query);
  const kept = caller ? undefined : await publicReads.find(url, now);
  // What was kept is what `read` answered then.
  if (kept) return { body: kept.value as Exclude<T, Refusal>, headers: { ...PUBLIC, Age: String(kept.ageSeconds) } };
  const answer = await read();
  if (isRefusal(answer)) return answer;
  if (!caller) publicReads.keep(url, answer, now);
  return { body: answer as Exclude<T, Refusal>, headers: caller ? PRIVATE : PUBLIC }; // a generic hides what is left of the union
}

/** One URL for every way to write a request: no trailing slash, no parameters that nobody reads, in one order. */
function cacheUrl(requested: string, query: Readonly<Record<string, string>>): string {
  const { origin, pathname } = new URL(requested);
  const parameters = new URLSearchParams(Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${origin}${pathname.replace(/(.)\/$/, '$1')}?${parameters}`;
}
