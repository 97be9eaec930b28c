// A D1 whose calls fail or stall, before or after they took effect.
import { intercepted, original } from './counting.ts';

export type Fault =
  | 'fails before'
  | 'fails after'
  | 'stalls before'
  | 'stalls after'
  | 'is lost before'
  | 'is lost after';

export interface FaultyD1 {
  readonly DB: D1Database;
  /** From now on the call with this number, counted from 0, meets the fault. */
  arm(call: number, fault: Fault): void;
  disarm(): void;
  /** Whether the fault was met since it was armed. */
  met(): boolean;
}

export function faultyD1(d1: D1Database): FaultyD1 {
  let left = -1;
  let fault: Fault = 'fails before';
  let met = false;

  const faulted = async (call: () => Promise<unknown>): Promise<unknown> => {
    if (left < 0 || left-- > 0) return call();
    met = true;
    if (fault.endsWith('after')) await call();
    if (fault.startsWith('stalls')) return new Promise(() => {});
    throw new Error(
      fault.startsWith('is lost')
        ? 'D1_ERROR: Network connection lost.'
        : 'D1_ERROR: D1 DB is overloaded. Requests queued for too long.',
    );
  };
  const statement = (prepared: object): object =>
    intercepted(prepared, (name, method) => {
      if (name === 'bind') return (...args) => statement(method(...args) as object);
      return ['all', 'raw', 'run', 'first'].includes(name) ? (...args) => faulted(async () => method(...args)) : method;
    });
  const database = <T extends object>(db: T): T =>
    intercepted(db, (name, method) => {
      if (name === 'prepare') return (...args) => statement(method(...args) as object);
      if (name === 'withSession') return (...args) => database(method(...args) as object);
      return name === 'batch'
        ? (statements) => faulted(async () => method((statements as object[]).map(original)))
        : method;
    });

  return {
    DB: database(d1),
    arm: (call, kind) => {
      left = call;
      fault = kind;
      met = false;
    },
    disarm: () => {
      left = -1;
    },
    met: () => met,
  };
}
