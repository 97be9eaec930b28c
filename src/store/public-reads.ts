// What anybody may read, kept for some seconds in the edge cache of this data centre: the value alone, no header of the request it was read for.

/** When a value was read; the cache's own clock only decides when it is thrown away. */
const READ_AT = 'X-Read-At';

/** Values by the whole URL that asks for them. The cache may forget any of them at any time, and a failing cache is an empty one. */
export const publicReadsIn = (cache: Cache, defer: (work: Promise<unknown>) => void, keptSeconds: number) => ({
  async find(url: string, now: number): Promise<{ readonly value: unknown; readonly ageSeconds: number } | undefined> {
    const kept = await cache.match(url).catch(() => undefined);
    const age = now - Number(kept?.headers.get(READ_AT));
    if (!kept || age < 0 || age >= keptSeconds * 1000) return undefined;
    return { value: await kept.json(), ageSeconds: Math.floor(age / 1000) };
  },

  keep(url: string, value: unknown, now: number): void {
    const headers = { 'Content-Type': 'application/json', 'Cache-Control': `public, max-age=${keptSeconds}`, [READ_AT]: String(now) };
    defer(cache.put(url, new Response(JSON.stringify(value), { headers })));
  },
});
