// The scheduled jobs. The cron trigger in wrangler.toml starts all of them, one after the other.
import { type Budget, budgetOf } from './domain/maintenance/budget.ts';
import { cleanUp } from './domain/maintenance/cleanup.ts';
import { markEndedSessions } from './domain/maintenance/session-endings.ts';
import { limitSessions } from './domain/maintenance/session-limits.ts';
import { describe } from './http/middleware/log.ts';
import { newMetrics } from './http/middleware/metrics.ts';
import { meterOf } from './ports.ts';
import { type Database, openDatabase } from './store/d1/database.ts';
import { cleanupIn } from './store/maintenance/cleanup.ts';
import { sessionLimitsIn } from './store/sessions/limits.ts';
import { sessionEndingsIn } from './store/sessions/marking.ts';

interface Job {
  readonly name: string;
  /** All jobs together end before the trigger starts them again, a minute later. */
  readonly seconds: number;
  /** All jobs together stay below the 1 000 statements that an invocation may send to D1; a call has one to three. */
  readonly calls: number;
  /** Does the work that is due while the budget lasts, and returns what it did, for the log. */
  run(database: Database, now: number, budget: Budget): Promise<object>;
}

const JOBS: readonly Job[] = [
  {
    name: 'session-endings',
    seconds: 10,
    calls: 60,
    run: (database, _, budget) => markEndedSessions(sessionEndingsIn(database), budget),
  },
  {
    name: 'session-limits',
    seconds: 15,
    calls: 150,
    run: (database, now, budget) => limitSessions(sessionLimitsIn(database), now, budget),
  },
  {
    name: 'cleanup',
    seconds: 25,
    calls: 250,
    run: (database, now, budget) => cleanUp(cleanupIn(database), now, budget),
  },
];

/** Runs every job and logs each. A job that fails does not keep the others from running. */
export async function runJobs(env: Env, clock: () => number = Date.now): Promise<void> {
  for (const job of JOBS) await runJob(job, env, clock);
}

async function runJob({ name, seconds, calls, run }: Job, env: Env, clock: () => number): Promise<void> {
  const startedAt = clock();
  const metrics = newMetrics();
  const database = openDatabase(env.DB, undefined, meterOf(metrics));
  const budget = budgetOf(clock, seconds * 1000, calls);
  const outcome = await run(database, startedAt, budget).catch((error: unknown) => ({ failed: describe(error) }));
  const rows = { d1_rows_read: metrics.rowsRead, d1_rows_written: metrics.rowsWritten };
  console.log({ event: 'job', job: name, ...outcome, ...rows, duration_ms: clock() - startedAt });
}
