// The cost of one run of the clean-up, which the cron trigger starts each minute.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../server.ts';
import { loggedBy } from './logged.ts';

/** The part of the minute between two runs that src/jobs.ts gives the clean-up. */
const MOST_MS = 12_000;
const RUNS = 3;
/** A line is read a moment after the job is done. */
const LATE_MS = 200;

export interface CleanupRun {
  readonly removed: number;
  readonly read: number;
  readonly milliseconds: number;
}

/** Some runs, one after the other; each continues where the last one stopped. */
export async function cleanupRuns(server: Server): Promise<readonly CleanupRun[]> {
  const worker = await server.miniflare.getWorker();
  const { lines } = await loggedBy(server, async () => {
    for (let run = 0; run < RUNS; run += 1) await worker.scheduled({ cron: '* * * * *' });
    await sleep(LATE_MS);
  });
  return lines
    .filter(({ job }) => job === 'cleanup')
    .map(({ numbers: { removed = 0, d1_rows_read: read = 0, duration_ms: milliseconds = 0 } }) => ({
      removed,
      read,
      milliseconds,
    }));
}

export const isWithinItsShare = (runs: readonly CleanupRun[]): boolean =>
  runs.length === RUNS && runs.every(({ milliseconds }) => milliseconds < MOST_MS);

export const cleanupLine = (runs: readonly CleanupRun[]): string =>
  runs.map(({ removed, read, milliseconds }) => `${removed} removed, ${read} read, ${milliseconds} ms`).join('; ');
