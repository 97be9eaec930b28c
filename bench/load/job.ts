// What the load generator is told to send, and what it saw.
import type { Shot } from '../subject.ts';

export interface Job {
  readonly origin: string;
  /** The process whose CPU is counted. */
  readonly pid: number | undefined;
  readonly shot: Shot;
  readonly connections: number;
  /** Requests a second, sent whether answers come or not; as many as are answered where it is absent. */
  readonly rate: number | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly maxRequests: number;
  /** `background` gives way to whoever else wants the CPU: its own work is nobody's cost. */
  readonly priority?: 'background';
}

export interface Seen {
  /** Milliseconds. */
  readonly latencies: number[];
  /** In which the answers came. */
  readonly seconds: number;
  /** Milliseconds of CPU meanwhile. */
  readonly cpu: number | undefined;
  readonly failed: number;
}

/** What is slow goes on until it was seen often enough to have a median, within reason. */
export const MIN_REQUESTS = 24;

export const isSuccess = (status: number): boolean => status >= 200 && status <= 299;
