// One at a time: across all tabs that share a storage where the platform has Web Locks, within this process where it has none.

type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

interface Locks {
  request<T>(name: string, work: () => Promise<T>): Promise<T>;
}

/** Runs what it is given one after the other. The lock is let go of when its holder's page is closed. */
export function exclusivelyUnder(lock: string | undefined): Exclusively {
  const { navigator } = globalThis as { readonly navigator?: { readonly locks?: Locks } }; // not every platform has one
  const locks = navigator?.locks;
  if (lock !== undefined && locks) return (work) => locks.request(`latchkey:${lock}`, work);
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
}
