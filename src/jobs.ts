// The scheduled jobs. The cron trigger in wrangler.toml starts all of them, one after the other.
import { deliverAll } from './domain/mail/delivery.ts';
import { type Budget, budgetOf } from './domain/maintenance/budget.ts';
import { cleanUp } from './domain/maintenance/cleanup.ts';
import { purgeAccounts } from './domain/maintenance/purging.ts';
import { reindex } from './domain/maintenance/reindexing.ts';
import { markEndedSessions } from './domain/maintenance/session-endings.ts';
import { limitSessions } from './domain/maintenance/session-limits.ts';
import { purgeDeletedClients } from './domain/oauth/purge.ts';
import { importKeys } from './domain/tokens/keys.ts';
import { describe } from './http/middleware/error-log.ts';
import { newMetrics } from './http/middleware/metrics.ts';
import { deliveryOf } from './mailing.ts';
import { meterOf } from './ports.ts';
import { purgingIn } from './store/accounts/purge.ts';
import { type Database, openDatabase } from './store/d1/database.ts';
import { cleanupIn } from './store/maintenance/cleanup.ts';
import { reindexingIn } from './store/maintenance/reindexing.ts';
import { purgeClients } from './store/oauth/purge.ts';
import { sessionLimitsIn } from './store/sessions/limits.ts';
import { sessionEndingsIn } from './store/sessions/marking.ts';
import { newSettingsMemory, settingsIn } from './store/settings/settings.ts';

interface Run {
  readonly database: Database;
  readonly env: Env;
  readonly clock: () => number;
  readonly budget: Budget;
}

interface Job {
  readonly name: string;
  /** All jobs together end before the trigger starts them again, a minute later. */
  readonly seconds: number;
  /**
   * All jobs together stay below the 1 000 statements that an invocation may send to D1: a call has one to three, and
   * eleven where it purges.
   */
  readonly calls: number;
  /** Does the work that is due while the budget lasts. Returns what it did, for the log; undefined for nothing. */
  run(run: Run): Promise<object | undefined>;
}

const JOBS: readonly Job[] = [
  {
    name: 'session-endings',
    seconds: 10,
    calls: 60,
    run: ({ database, budget }) => markEndedSessions(sessionEndingsIn(database), budget),
  },
  {
    name: 'session-limits',
    seconds: 10,
    calls: 130,
    run: ({ database, clock, budget }) => limitSessions(sessionLimitsIn(database), clock(), budget),
  },
  {
    name: 'purging',
    seconds: 5,
    calls: 15,
    run: ({ database, clock, budget }) => purgeAccounts(purgingIn(database), clock(), budget),
  },
  {
    name: 'reindexing',
    seconds: 4,
    calls: 25,
    run: ({ database, budget }) => reindex(reindexingIn(database), budget),
  },
  {
    name: 'cleanup',
    seconds: 12,
    calls: 250,
    run: ({ database, clock, budget }) => cleanUp(cleanupIn(database), clock(), budget),
  },
  {
    name: 'deleted-clients',
    seconds: 3,
    calls: 10,
    run: ({ database, clock, budget }) => purgeDeletedClients(() => purgeClients(database, clock()), budget),
  },
  { name: 'mail', seconds: 15, calls: 40, run: sendMails },
];

async function sendMails({ database, env, clock, budget }: Run): Promise<object | undefined> {
  const keys = await importKeys(env.JWT_KEYS, env.SECRET_KEYS);
  const settings = settingsIn(env.CONFIG, (read) => read, newSettingsMemory());
  const delivery = deliveryOf({ env, keys, database }, settings);
  return delivery && deliverAll(delivery, budget, clock);
}

/** Runs every job and logs each. A job that fails does not keep the others from running. */
export async function runJobs(env: Env, clock: () => number = Date.now): Promise<void> {
  for (const job of JOBS) await runJob(job, env, clock);
}

async function runJob({ name, seconds, calls, run }: Job, env: Env, clock: () => number): Promise<void> {
  const startedAt = clock();
  const metrics = newMetrics();
  const database = openDatabase(env.DB, undefined, meterOf(metrics));
  const budget = budgetOf(clock, seconds * 1000, calls);
  const outcome = await run({ database, env, clock, budget }).catch((error: unknown) => ({
    failed: describe(error),
  }));
  if (!outcome) return;
  const rows = { d1_rows_read: metrics.rowsRead, d1_rows_written: metrics.rowsWritten };
  console.log({ event: 'job', job: name, ...outcome, ...rows, duration_ms: clock() - startedAt });
}
