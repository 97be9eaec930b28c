// Bindings that count the round trips made through them.
import { intercepted, interceptedD1 } from './intercepted.ts';

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
  const database = interceptedD1(DB, (call) => {
    calls.d1 += 1;
    return call();
  });
  const kv = (namespace: KVNamespace): KVNamespace =>
    counting(counting(namespace, ['get', 'getWithMetadata', 'list'], 'kvReads'), ['put', 'delete'], 'kvWrites');
  return {
    env: { DB: database, REFRESH_TOKENS: kv(REFRESH_TOKENS), CONFIG: kv(CONFIG) },
    calls,
    reset: () => Object.assign(calls, { d1: 0, kvReads: 0, kvWrites: 0 }),
  };
}
