// The scheduled jobs. The cron trigger in wrangler.toml starts all of them, one after the other.
import { cleanUp } from './domain/maintenance/cleanup.ts';
import { purgeAccounts } from './domain/maintenance/purging.ts';
import { reindex } from './domain/maintenance/reindexing.ts';
import { describe } from './http/middleware/log.ts';
import { newMetrics } from './http/middleware/metrics.ts';
import { meterOf } from './ports.ts';
import { purgingIn } from './store/accounts/purge.ts';
import { type Database, openDatabase } from './store/d1/database.ts';
import { cleanupIn } from './store/maintenance/cleanup.ts';
import { reindexingIn } from './store/maintenance/reindexing.ts';

interface Job {
  readonly name: string;
  /** Does the work that is due, and returns what it did, for the log. */
  run(database: Database, now: number): Promise<object>;
}

const JOBS: readonly Job[] = [
  { name: 'purging', run: (database, now) => purgeAccounts(purgingIn(database), now) },
  { name: 'reindexing', run: (database) => reindex(reindexingIn(database)) },
  { name: 'cleanup', run: (database, now) => cleanUp(cleanupIn(database), now) },
];

/** Runs every job and logs each. A job that fails does not keep the others from running. */
export async function runJobs(env: Env, clock: () => number = Date.now): Promise<void> {
  for (const job of JOBS) await runJob(job, env, clock);
}

async function runJob({ name, run }: Job, env: Env, clock: () => number): Promise<void> {
  const startedAt = clock();
  const metrics = newMetrics();
  const database = openDatabase(env.DB, undefined, meterOf(metrics));
  const outcome = await run(database, startedAt).catch((error: unknown) => ({ failed: describe(error) }));
  const rows = { d1_rows_read: metrics.rowsRead, d1_rows_written: metrics.rowsWritten };
  console.log({ event: 'job', job: name, ...outcome, ...rows, duration_ms: clock() - startedAt });
}
