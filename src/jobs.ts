// The scheduled jobs. The cron trigger in wrangler.toml starts all of them each minute, one after the other.
import { deliver } from './domain/mail/delivery.ts';
import { cleanUp } from './domain/maintenance/cleanup.ts';
import { importKeys } from './domain/tokens/keys.ts';
import { describe } from './http/middleware/log.ts';
import { newMetrics } from './http/middleware/metrics.ts';
import { deliveryOf, meterOf } from './ports.ts';
import { type Database, openDatabase } from './store/d1/database.ts';
import { cleanupIn } from './store/maintenance/cleanup.ts';
import { settingsIn } from './store/settings/settings.ts';

/** At six connections and half a second a mail, more would not fit into a run. */
const MAILS_PER_RUN = 200;

interface Job {
  readonly name: string;
  /** Does the work that is due, and returns what it did, for the log; undefined where there was nothing to do. */
  run(database: Database, env: Env, now: number): Promise<object | undefined>;
}

const JOBS: readonly Job[] = [
  { name: 'cleanup', run: (database, _, now) => cleanUp(cleanupIn(database), now) },
  { name: 'mail', run: sendMails },
];

async function sendMails(database: Database, env: Env, now: number) {
  const keys = await importKeys(env.JWT_KEYS, env.SECRET_KEYS);
  const delivery = deliveryOf(
    env,
    keys,
    database,
    settingsIn(env.CONFIG, (read) => read),
  );
  const delivered = delivery && (await deliver(delivery, 'any', MAILS_PER_RUN, now));
  return delivered && Object.values(delivered).some((count) => count > 0) ? delivered : undefined;
}

/** Runs every job and logs each. A job that fails does not keep the others from running. */
export async function runJobs(env: Env, clock: () => number = Date.now): Promise<void> {
  for (const job of JOBS) await runJob(job, env, clock);
}

async function runJob({ name, run }: Job, env: Env, clock: () => number): Promise<void> {
  const startedAt = clock();
  const metrics = newMetrics();
  const database = openDatabase(env.DB, undefined, meterOf(metrics));
  const outcome = await run(database, env, startedAt).catch((error: unknown) => ({ failed: describe(error) }));
  if (!outcome) return;
  const rows = { d1_rows_read: metrics.rowsRead, d1_rows_written: metrics.rowsWritten };
  console.log({ event: 'job', job: name, ...outcome, ...rows, duration_ms: clock() - startedAt });
}
