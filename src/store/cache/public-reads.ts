// Public reads, cached for some seconds in this isolate, and repeated ones in the edge cache of its data centre as
// well. Most reads are not repeated, and cost no call of that cache.
import { setWithLimit } from '../../domain/map-with-limit.ts';
import type { Defer } from '../d1/database.ts';

export interface Cached {
  readonly value: unknown;
  /** Milliseconds since the epoch: a cache's own clock does not tell how old a value is. */
  readonly readAt: number;
}

/** At most 4 Mi characters of an isolate's 128 MiB. Of longer values only the request is remembered. */
const MAX_ENTRIES = 256;
const MAX_LENGTH = 16 * 1024;

const TOO_LONG: Cached = { value: undefined, readAt: Number.NEGATIVE_INFINITY };

const READ_AT = 'X-Read-At';

/** The part of the edge cache that is used. */
type EdgeCache = Pick<Cache, 'match' | 'put'>;

/**
 * Values by the whole URL of the read. A cache may forget any value at any time, and a failing cache is an empty one.
 */
export const publicReadsIn = (inIsolate: Map<string, Cached>, edge: EdgeCache, defer: Defer, maxAgeSeconds: number) => {
  const isFresh = ({ readAt }: Cached, now: number) => now >= readAt && now < readAt + maxAgeSeconds * 1000;

  const atEdge = async (url: string, now: number): Promise<Cached | undefined> => {
    const response = await edge.match(url).catch(() => undefined);
    if (!response) return undefined;
    const readAt = Number(response.headers.get(READ_AT));
    const text = await response.text();
    if (!isFresh({ value: undefined, readAt }, now)) return undefined;
    return cacheInIsolate(url, text, { value: JSON.parse(text), readAt });
  };

  const cacheInIsolate = (url: string, text: string, cached: Cached): Cached => {
    setWithLimit(inIsolate, url, text.length <= MAX_LENGTH ? cached : TOO_LONG, MAX_ENTRIES);
    return cached;
  };

  return {
    async find(
      url: string,
      now: number,
    ): Promise<{ readonly value: unknown; readonly ageSeconds: number } | undefined> {
      const known = inIsolate.get(url);
      const cached = known && (isFresh(known, now) ? known : await atEdge(url, now));
      return cached && { value: cached.value, ageSeconds: Math.floor((now - cached.readAt) / 1000) };
    },

    store(url: string, value: unknown, now: number): void {
      const isAskedForAgain = inIsolate.has(url);
      const text = JSON.stringify(value);
      cacheInIsolate(url, text, { value, readAt: now });
      if (!isAskedForAgain) return;
      const headers = {
        'Content-Type': 'application/json',
        'Cache-Control': `public, max-age=${maxAgeSeconds}`,
        [READ_AT]: String(now),
      };
      defer(() => edge.put(url, new Response(text, { headers })));
    },
  };
};
