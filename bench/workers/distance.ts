// The Worker with the latency of stores whose primary is far away; each answer tells the stores and the time it waited
// for.
import { intercepted, original } from '../../test/support/intercepted.ts';
import { app } from './access.ts';

/**
 * Milliseconds to each store and back: a replica is in the region, the primary is not, and KV caches recent reads
 * nearby.
 */
const AWAY = { primary: 100, replica: 5, kvHit: 3, kvMiss: 80, kvPut: 80 };
type Store = keyof typeof AWAY;

interface Wait {
  readonly store: Store;
  readonly from: number;
  readonly to: number;
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// The waits of the current request: requests come one at a time. A call records its wait with the request that made it.
let waits: Wait[] = [];

/** Bindings whose every call takes as long as its round trip, and is recorded at its end. */
function farAway(env: Env): Env {
  const wayTo = async (work: unknown, storeOf: (value: unknown) => Store): Promise<unknown> => {
    const mine = waits;
    const from = performance.now();
    const value = await work;
    const store = storeOf(value);
    await sleep(AWAY[store] - (performance.now() - from));
    mine.push({ store, from, to: performance.now() });
    return value;
  };
  const statement = (prepared: D1PreparedStatement, store: Store): D1PreparedStatement =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => statement(method(...args) as D1PreparedStatement, store);
      return (...args) => wayTo(method(...args), () => store);
    });
  const database = <T extends object>(db: T, store: Store): T =>
    intercepted(db, (name, method) => {
      // Writes go to the primary, whatever the session began with.
      if (name === 'prepare')
        return (sql) =>
          statement(method(sql) as D1PreparedStatement, /^\s*select/i.test(String(sql)) ? store : 'primary');
      if (name === 'withSession')
        return (start) => database(method(start) as object, start === 'first-primary' ? 'primary' : 'replica');
      if (name === 'batch')
        return (...[statements]) => wayTo(method((statements as object[]).map(original)), () => store);
      return method;
    });
  const kv = (namespace: KVNamespace): KVNamespace =>
    intercepted(namespace, (name, method) => {
      const storeOf = (value: unknown): Store => (name === 'get' ? (isFound(value) ? 'kvHit' : 'kvMiss') : 'kvPut');
      return (...args) => wayTo(method(...args), storeOf);
    });
  return { ...env, DB: database(env.DB, 'primary'), REFRESH_TOKENS: kv(env.REFRESH_TOKENS), CONFIG: kv(env.CONFIG) };
}

/** A bulk get is as slow as its slowest key. */
const isFound = (value: unknown): boolean =>
  value !== null && !(value instanceof Map && [...value.values()].includes(null));

/** Milliseconds in which at least one call was under way. */
function waitedFor(all: readonly Wait[]): number {
  let until = 0;
  let sum = 0;
  for (const { from, to } of all.toSorted((a, b) => a.from - b.from)) {
    sum += Math.max(0, to - Math.max(from, until));
    until = Math.max(until, to);
  }
  return sum;
}

// Made once, since the settings are cached by binding.
let far: Env | undefined;

export default {
  async fetch(request, env, context) {
    far ??= farAway(env);
    const mine: Wait[] = [];
    waits = mine;
    const response = await app.fetch(request, far, context);
    // Deferred work has not been recorded yet.
    const waited = { milliseconds: waitedFor(mine), stores: mine.map(({ store }) => store) };
    const headers = new Headers(response.headers);
    headers.set('X-Waited', JSON.stringify(waited));
    return new Response(response.body, { status: response.status, headers });
  },
} satisfies ExportedHandler<Env>;
