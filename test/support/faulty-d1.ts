// A D1 whose calls fail or stall, before or after they took effect.
import { interceptedD1 } from './intercepted.ts';

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

  return {
    DB: interceptedD1(d1, faulted),
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
