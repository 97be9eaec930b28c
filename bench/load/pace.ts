// When the requests of an open load are due.

export interface Pace {
  /** Milliseconds of `clock`. */
  readonly begin: number;
  /** Requests a second. */
  readonly rate: number;
  readonly count: number;
}

/** The same in every thread. */
export const clock = (): number => performance.timeOrigin + performance.now();

export const dueAt = ({ begin, rate }: Pace, number: number): number => begin + (number * 1000) / rate;
