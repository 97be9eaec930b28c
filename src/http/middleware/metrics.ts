// What a request's log line tells besides its route: who asked, where the time went, and what D1 read and wrote, which is its bill.

import type { Hashing } from '../../domain/passwords/hash.ts';

/** Times are milliseconds of waiting. In production clocks stand still while code runs, so `hashMs` is 0 there (docs/monitoring.md). */
export interface Measures {
  /** Whose token it was; undefined where none was sent, or none that holds. */
  accountId: number | undefined;
  authMs: number;
  d1Ms: number;
  kvMs: number;
  hashMs: number;
  rowsRead: number;
  rowsWritten: number;
}

export const noMeasures = (): Measures => ({
  accountId: undefined,
  authMs: 0,
  d1Ms: 0,
  kvMs: 0,
  hashMs: 0,
  rowsRead: 0,
  rowsWritten: 0,
});

type Part = 'authMs' | 'd1Ms' | 'kvMs' | 'hashMs';

/** Waits for `work` and adds how long it took. */
export async function waited<T>(measures: Measures, part: Part, work: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work;
  } finally {
    measures[part] += performance.now() - startedAt;
  }
}

function worked<T>(measures: Measures, part: Part, work: () => T): T {
  const startedAt = performance.now();
  try {
    return work();
  } finally {
    measures[part] += performance.now() - startedAt;
  }
}

const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

/** Passwords hashed as `hashing` does, and timed. */
export const timedHashing = (hashing: Hashing, measures: Measures): Hashing => ({
  hash: (password) => worked(measures, 'hashMs', () => hashing.hash(password)),
  verify: (hash, password) => worked(measures, 'hashMs', () => hashing.verify(hash, password)),
});

/** The `Server-Timing` header: `auth` holds the D1 calls it made, so the parts may come to more than `total`. */
export const serverTiming = ({ authMs, d1Ms, kvMs, hashMs }: Measures, totalMs: number): string =>
  `total;dur=${tenths(totalMs)}, auth;dur=${tenths(authMs)}, d1;dur=${tenths(d1Ms)}, kv;dur=${tenths(kvMs)}, hash;dur=${tenths(hashMs)}`;
