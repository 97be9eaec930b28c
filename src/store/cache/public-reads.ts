// What anybody may read, kept for some seconds in this isolate and in the edge cache of its data centre: the value alone, no header of the request it was read for.
import { setBounded } from '../../domain/limited-map.ts';
import type { Defer } from '../d1/database.ts';

interface Kept {
  readonly value: unknown;
  /** Milliseconds since the epoch; no cache's own clock says how old a value is. */
  readonly readAt: number;
}

/** At most 4 Mi characters of an isolate's 128 MiB. What is longer is kept by the edge cache alone. */
const MAX_HERE = 256;
const MAX_LENGTH_HERE = 16 * 1024;
const here = new Map<string, Kept>();

const READ_AT = 'X-Read-At';

/** What is used of the edge cache. */
type EdgeCache = Pick<Cache, 'match' | 'put'>;

/** Values by the whole URL that asks for them. The cache may forget any of them at any time, and a failing cache is an empty one. */
export const publicReadsIn = (cache: EdgeCache, defer: Defer, keptSeconds: number) => {
  const young = ({ readAt }: Kept, now: number) => now >= readAt && now < readAt + keptSeconds * 1000;

  const inCache = async (url: string, now: number): Promise<Kept | undefined> => {
    const answer = await cache.match(url).catch(() => undefined);
    if (!answer) return undefined;
    const readAt = Number(answer.headers.get(READ_AT));
    const text = await answer.text();
    if (!young({ value: undefined, readAt }, now)) return undefined;
    return keptHere(url, text, { value: JSON.parse(text), readAt });
  };

  return {
    async find(
      url: string,
      now: number,
    ): Promise<{ readonly value: unknown; readonly ageSeconds: number } | undefined> {
      const known = here.get(url);
      const kept = known && young(known, now) ? known : await inCache(url, now);
      return kept && { value: kept.value, ageSeconds: Math.floor((now - kept.readAt) / 1000) };
    },

    keep(url: string, value: unknown, now: number): void {
      const text = JSON.stringify(value);
      keptHere(url, text, { value, readAt: now });
      const headers = {
        'Content-Type': 'application/json',
        'Cache-Control': `public, max-age=${keptSeconds}`,
        [READ_AT]: String(now),
      };
      defer(() => cache.put(url, new Response(text, { headers })));
    },
  };
};

function keptHere(url: string, text: string, kept: Kept): Kept {
  if (text.length <= MAX_LENGTH_HERE) setBounded(here, url, kept, MAX_HERE);
  return kept;
}
