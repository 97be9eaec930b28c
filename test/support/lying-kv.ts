// A KV as another location sees it: writes come late, misses are remembered, and its limits hold. Local KV does none of
// that.
import type { Clock } from './clock.ts';
import { intercepted } from './intercepted.ts';

/** A write may take this long to be seen, and a miss is remembered as long (PLATFORM: up to 60 s). */
export const LATEST_MS = 60 * 1000;
const SHORTEST_TTL_SECONDS = 60;
const WRITE_INTERVAL_MS = 1000;

interface Seen {
  /** The value that readers get until `until`. */
  readonly value: string | null;
  readonly until: number;
}

/** Wraps a real namespace. `lateness` answers how late the next write is, in milliseconds; at random by default. */
export function lyingKv(kv: KVNamespace, clock: Clock, lateness = () => Math.random() * LATEST_MS): KVNamespace {
  const seen = new Map<string, Seen>();
  const writtenAt = new Map<string, number>();

  const read = async (key: string): Promise<string | null> => {
    const remembered = seen.get(key);
    if (remembered && clock() < remembered.until) return remembered.value;
    const value = await kv.get(key);
    if (value === null) seen.set(key, { value, until: clock() + LATEST_MS });
    return value;
  };

  const beforeWrite = async (key: string) => {
    if (clock() - (writtenAt.get(key) ?? -WRITE_INTERVAL_MS) < WRITE_INTERVAL_MS)
      throw new Error('KV PUT failed: 429 Too Many Requests');
    const value = await read(key);
    const { until = 0 } = seen.get(key) ?? {};
    seen.set(key, { value, until: Math.max(until, clock() + lateness()) });
    writtenAt.set(key, clock());
  };

  const parsed = (value: string | null, type: unknown) =>
    value !== null && type === 'json' ? JSON.parse(value) : value;

  // The casts name what KV's methods of these names take.
  return intercepted(kv, (name, method) => {
    if (name === 'get') {
      return async (key, options) => {
        const type = typeof options === 'string' ? options : (options as { type?: string } | undefined)?.type;
        if (typeof key === 'string') return parsed(await read(key), type);
        return new Map(
          await Promise.all((key as string[]).map(async (one) => [one, parsed(await read(one), type)] as const)),
        );
      };
    }
    if (name === 'put') {
      return async (key, value, options) => {
        const { expirationTtl = SHORTEST_TTL_SECONDS } = (options ?? {}) as KVNamespacePutOptions;
        if (expirationTtl < SHORTEST_TTL_SECONDS)
          throw new Error(`KV PUT failed: 400 Invalid expiration_ttl of ${expirationTtl}.`);
        await beforeWrite(key as string);
        return method(key, value, options);
      };
    }
    if (name === 'delete') {
      return async (key) => {
        await beforeWrite(key as string);
        return method(key);
      };
    }
    return method;
  });
}
