// A D1 one call of which waits until it is let go, so that another call can be answered between a read and a write.
import { interceptedD1 } from './intercepted.ts';

export interface HeldD1 {
  readonly DB: D1Database;
  /** From now on the call with this number, counted from 0, waits. Resolves once it has come. */
  hold(call: number): Promise<void>;
  letGo(): void;
}

export function heldD1(d1: D1Database): HeldD1 {
  let left = -1;
  let came = () => {};
  let gate = Promise.withResolvers<void>();

  const maybeHeld = async (call: () => Promise<unknown>): Promise<unknown> => {
    if (left >= 0 && left-- === 0) {
      came();
      await gate.promise;
    }
    return call();
  };

  return {
    DB: interceptedD1(d1, maybeHeld),
    hold: (call) => {
      left = call;
      gate = Promise.withResolvers<void>();
      return new Promise((resolve) => {
        came = resolve;
      });
    },
    letGo: () => gate.resolve(),
  };
}
