// The budget of a job's run: an invocation has a limit of time, and of calls to storage.

export interface Budget {
  /** Whether there is time and a call left; takes the call. */
  take(): boolean;
}

/** `clock` returns milliseconds since the epoch. */
export function budgetOf(clock: () => number, milliseconds: number, calls: number): Budget {
  const until = clock() + milliseconds;
  let left = calls;
  return {
    take() {
      left -= 1;
      return left >= 0 && clock() < until;
    },
  };
}

/** A number of calls, as part of another budget or by itself. */
export function callsOnly(calls: number, whole?: Budget): Budget {
  let left = calls;
  return {
    take() {
      left -= 1;
      return left >= 0 && (whole?.take() ?? true);
    },
  };
}
