// A request's metrics for its log line: the account, where the time went, and the rows that D1 read and wrote.
import type { Hashing } from '../../domain/passwords/hash.ts';

/** Times are milliseconds. In production, clocks stand still while code runs, so `hashMs` is 0 (docs/monitoring.md). */
export interface RequestMetrics {
  /** The account of the caller's token; undefined without a valid one. */
  accountId: number | undefined;
  authMs: number;
  d1Ms: number;
  kvMs: number;
  hashMs: number;
  rowsRead: number;
  rowsWritten: number;
  /** Look-ups that the range API of breached passwords did not answer. */
  breachChecksFailed: number;
}

export const newMetrics = (): RequestMetrics => ({
  accountId: undefined,
  authMs: 0,
  d1Ms: 0,
  kvMs: 0,
  hashMs: 0,
  rowsRead: 0,
  rowsWritten: 0,
  breachChecksFailed: 0,
});

type Part = 'authMs' | 'd1Ms' | 'kvMs' | 'hashMs';

/** Adds the time until a promise settles. */
export async function timed<T>(metrics: RequestMetrics, part: Part, work: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await work;
  } finally {
    metrics[part] += performance.now() - startedAt;
  }
}

/** The same hashing, timed. */
export const timedHashing = (hashing: Hashing, metrics: RequestMetrics): Hashing => ({
  hash: (password) => timedCall(metrics, () => hashing.hash(password)),
  verify: (hash, password) => timedCall(metrics, () => hashing.verify(hash, password)),
  isOutdated: hashing.isOutdated,
  refuse: hashing.refuse,
});

/** Hashing is synchronous inside, so the clock starts before the call. */
async function timedCall<T>(metrics: RequestMetrics, call: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await call();
  } finally {
    metrics.hashMs += performance.now() - startedAt;
  }
}

const tenths = (milliseconds: number): number => Math.round(milliseconds * 10) / 10;

/** The `Server-Timing` header. `auth` includes its D1 calls, so the parts may add up to more than `total`. */
export const serverTiming = ({ authMs, d1Ms, kvMs, hashMs }: RequestMetrics, totalMs: number): string =>
  [
    `total;dur=${tenths(totalMs)}`,
    `auth;dur=${tenths(authMs)}`,
    `d1;dur=${tenths(d1Ms)}`,
    `kv;dur=${tenths(kvMs)}`,
    `hash;dur=${tenths(hashMs)}`,
  ].join(', ');
