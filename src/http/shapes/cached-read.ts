// Reads that need no token. Anonymous ones are public and cached; reads with a token are private and always fresh.
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Caller } from '../../domain/sign-in/caller.ts';
import type { Context } from '../context.ts';

/** How long an anonymous read is cached, here and by others. */
export const PUBLIC_SECONDS = 5;

const PUBLIC = { 'Cache-Control': `public, max-age=${PUBLIC_SECONDS}`, Vary: 'Authorization' };
const PRIVATE = { 'Cache-Control': 'private, no-cache', Vary: 'Authorization' };

/** A body, and the headers that tell who may cache it. */
export interface Read<T> {
  readonly body: T;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Reads for a caller, or for anybody through the cache. `query` is everything besides the path that the body depends
 * on. Only bodies of anonymous reads are cached, never refusals.
 */
export async function readPublicly<T extends object>(
  c: Context,
  caller: Caller | undefined,
  query: Readonly<Record<string, string>>,
  read: () => Promise<T>,
): Promise<Read<Exclude<T, Refusal>> | Extract<T, Refusal>> {
  if (caller) {
    const answer = await read();
    return isRefusal(answer) ? answer : { body: answer as Exclude<T, Refusal>, headers: PRIVATE }; // see below
  }
  const { publicReads } = c.get('ports');
  const now = c.get('now');
  const url = cacheUrl(c.req.url, query);
  const cached = await publicReads.find(url, now);
  if (cached) {
    const body = cached.value as Exclude<T, Refusal>; // `read` returned it
    return { body, headers: { ...PUBLIC, Age: String(cached.ageSeconds) } };
  }
  const answer = await read();
  if (isRefusal(answer)) return answer;
  publicReads.store(url, answer, now);
  return { body: answer as Exclude<T, Refusal>, headers: PUBLIC }; // a generic hides the narrowed union
}

/** The canonical URL of a request: no trailing slash, and only the relevant parameters, in one order. */
function cacheUrl(requested: string, query: Readonly<Record<string, string>>): string {
  const { origin, pathname } = new URL(requested);
  const parameters = new URLSearchParams(Object.entries(query).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return `${origin}${pathname.replace(/(.)\/$/, '$1')}?${parameters}`;
}
