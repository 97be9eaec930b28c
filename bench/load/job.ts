// The job of the load generator, and its result.
import type { Shot } from '../subject.ts';

export interface Job {
  readonly origin: string;
  /** The process whose CPU is counted. */
  readonly pid: number | undefined;
  readonly shot: Shot;
  readonly connections: number;
  /** Requests a second, sent whether answers come or not; where absent, each is sent after an answer. */
  readonly rate: number | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly maxRequests: number;
  /** `background` yields the CPU to other processes, so that the generator's own work slows nothing. */
  readonly priority?: 'background';
}

export interface Seen {
  /** Milliseconds. */
  readonly latencies: number[];
  /** The time in which the answers came. */
  readonly seconds: number;
  /** CPU milliseconds in that time. */
  readonly cpu: number | undefined;
  readonly failed: number;
  /** Those among the failed that were due and got no answer, or were not sent. */
  readonly unanswered: number;
}

/** A slow subject runs on, within limits, until it has enough answers for a median. */
export const MIN_REQUESTS = 24;

export const isSuccess = (status: number): boolean => status >= 200 && status <= 299;
