// Bindings that count the round trips made through them.

export interface Calls {
  d1: number;
  kvReads: number;
  kvWrites: number;
}

export interface Counted {
  readonly env: Pick<Env, 'DB' | 'REFRESH_TOKENS' | 'CONFIG'>;
  readonly calls: Calls;
  /** Forgets what was counted so far. */
  reset(): void;
}

/** Wraps the stores of an environment: each query, batch, read and write counts once. */
export function counted({ DB, REFRESH_TOKENS, CONFIG }: Env): Counted {
  const calls: Calls = { d1: 0, kvReads: 0, kvWrites: 0 };
  const counting = <T extends object>(target: T, names: readonly string[], key: keyof Calls): T =>
    intercepted(target, (name, method) => {
      if (!names.includes(name)) return method;
      return (...args) => {
        calls[key] += 1;
        return method(...args);
      };
    });
  const statement = (prepared: D1PreparedStatement): D1PreparedStatement =>
    intercepted(counting(prepared, ['all', 'raw', 'run', 'first'], 'd1'), (name, method) =>
      name === 'bind' ? (...args) => statement(method(...args) as D1PreparedStatement) : method,
    );
  const database = <T extends object>(db: T): T =>
    intercepted(counting(db, ['batch', 'exec'], 'd1'), (name, method) => {
      if (name === 'prepare') return (...args) => statement(method(...args) as D1PreparedStatement);
      if (name === 'withSession') return (...args) => database(method(...args) as object);
      if (name === 'batch') return (...args) => method((args[0] as object[]).map(original));
      return method;
    });
  const kv = (namespace: KVNamespace): KVNamespace =>
    counting(counting(namespace, ['get', 'getWithMetadata', 'list'], 'kvReads'), ['put', 'delete'], 'kvWrites');
  return {
    env: { DB: database(DB), REFRESH_TOKENS: kv(REFRESH_TOKENS), CONFIG: kv(CONFIG) },
    calls,
    reset: () => Object.assign(calls, { d1: 0, kvReads: 0, kvWrites: 0 }),
  };
}

type Method = (...args: unknown[]) => unknown;

const originals = new WeakMap<object, object>();
export const original = (wrapped: object): object => {
  const target = originals.get(wrapped);
  return target ? original(target) : wrapped;
};

/** A proxy whose methods pass through `around`; D1 and KV insist on their own `this`. */
export function intercepted<T extends object>(target: T, around: (name: string, method: Method) => Method): T {
  const proxy = new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === 'function' ? around(String(name), value.bind(object) as Method) : value;
    },
  });
  originals.set(proxy, target);
  return proxy;
}
