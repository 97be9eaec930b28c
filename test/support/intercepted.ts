// Proxies around the bindings of stores.

type Method = (...args: unknown[]) => unknown;

const originals = new WeakMap<object, object>();
/** The object behind a proxy, and behind a proxy of that. */
export const original = (wrapped: object): object => {
  const target = originals.get(wrapped);
  return target ? original(target) : wrapped;
};

/** A proxy whose methods pass through `around`; D1 and KV insist on their own `this`. */
export function intercepted<T extends object>(target: T, around: (name: string, method: Method) => Method): T {
  const proxy = new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name, object);
      return typeof value === 'function' ? around(String(name), value.bind(object) as Method) : value; // any arguments
    },
  });
  originals.set(proxy, target);
  return proxy;
}

/** The methods of a statement that call D1. */
const CALLING = ['all', 'raw', 'run', 'first'];

/** A D1 of which every call, a statement's or a batch's, passes through `around`, the calls of its sessions too. */
export function interceptedD1(d1: D1Database, around: (call: () => Promise<unknown>) => Promise<unknown>): D1Database {
  // The casts name what D1's methods of these names take and return.
  const statement = (prepared: object): object =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => statement(method(...args) as object);
      return CALLING.includes(name) ? (...args) => around(async () => method(...args)) : method;
    });
  const database = <T extends object>(db: T): T =>
    intercepted(db, (name, method) => {
      if (name === 'prepare') return (...args) => statement(method(...args) as object);
      if (name === 'withSession') return (...args) => database(method(...args) as object);
      if (name !== 'batch') return method;
      return (statements) => around(async () => method((statements as object[]).map(original)));
    });
  return database(d1);
}
