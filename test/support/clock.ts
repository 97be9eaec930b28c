// A clock that tests move: the only one that the Worker under test reads.

export interface Clock {
  (): number;
  advance(milliseconds: number): void;
}

/** Starts at the real time and stands still until it is moved. */
export function stoppedClock(): Clock {
  let now = Date.now();
  return Object.assign(() => now, {
    advance: (milliseconds: number) => {
      now += milliseconds;
    },
  });
}
