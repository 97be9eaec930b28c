// One at a time: in all tabs that share a storage where there are Web Locks, in this process where there are none.
import type { TokenStorage } from './storage.ts';

type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** The queue of each storage, which the clients of this process that share the storage share too. */
const queues = new WeakMap<TokenStorage, Exclusively>();

/** Runs functions one after the other. The lock is released when its holder's page is closed. */
export function exclusivelyWith(storage: TokenStorage): Exclusively {
  const { lock } = storage;
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } }; // not every platform has one
  const locks = navigator?.locks;
  if (lock !== undefined && locks) return (work) => locks.request(`latchkey:${lock}`, work);
  const queue = queues.get(storage) ?? newQueue();
  queues.set(storage, queue);
  return queue;
}

function newQueue(): Exclusively {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
