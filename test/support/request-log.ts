// The log lines of requests, with the cost of each.
import { vi } from 'vitest';

export interface RequestLine {
  readonly route: string;
  readonly status: number;
  readonly d1_rows_read: number;
  readonly d1_rows_written: number;
}

/** Collects the lines of the requests that are made from now on; `vi.restoreAllMocks` ends it. */
export function requestLines(): readonly RequestLine[] {
  const lines: RequestLine[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => {
    if (typeof line === 'string' && line.includes('"event":"request"')) lines.push(JSON.parse(line));
  });
  return lines;
}
