// Reads from the Worker's log lines the rows that D1 read and wrote.
import type { Server } from '../server.ts';
import { median } from '../subject.ts';

export interface Logged {
  /** The name of a job; undefined for a request. */
  readonly job: string | undefined;
  /** Its numbers, by their names. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** A request's line is JSON, and a job's is as the runtime prints an object. */
const loggedIn = (line: string): Logged => ({
  job: /\bjob: '([\w-]+)'/.exec(line)?.[1],
  numbers: Object.fromEntries(
    [...line.matchAll(/\b(\w+)"?: ?(\d+)/g)].map(([, name = '', value]) => [name, Number(value)]),
  ),
});

/** Enough for a median; reading all lines would load the measured machine. */
const MOST_LINES = 200;

/** The first lines that are logged while something is done. */
export async function loggedBy<T>({ log }: Server, work: () => Promise<T>) {
  const lines: Logged[] = [];
  const take = (line: string): void => {
    if (lines.length < MOST_LINES) lines.push(loggedIn(line));
  };
  log.on('line', take);
  try {
    return { done: await work(), lines };
  } finally {
    log.off('line', take);
  }
}

export const rowsOf = (lines: readonly Logged[]) => ({
  read: median(lines.map(({ numbers }) => numbers.d1_rows_read ?? Number.NaN)),
  written: median(lines.map(({ numbers }) => numbers.d1_rows_written ?? Number.NaN)),
});
