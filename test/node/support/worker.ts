// The real Worker in wrangler's own workerd, with stores that vanish with it.
import { createTestHarness } from 'wrangler';
import { newSecrets } from '../../../scripts/key-set.ts';
import { root } from '../../../scripts/wrangler.ts';

export interface RunningWorker {
  readonly origin: string;
  readonly env: Env;
  /** What the Worker logged since it started, as the objects it logged. */
  logs(): readonly Record<string, unknown>[];
  stop(): Promise<void>;
}

/** Starts it, migrated, with rate limits off unless `vars` says otherwise. */
export async function startedWorker(vars: Readonly<Record<string, string>> = {}): Promise<RunningWorker> {
  process.env.CLOUDFLARE_CF_FETCH_ENABLED = 'false';
  const secrets = { ...(await newSecrets()) };
  const worker = { configPath: `${root}wrangler.toml`, secrets, vars: { RATE_LIMITS: 'off', ...vars } };
  const harness = createTestHarness({ workers: [worker] });
  const { url } = await harness.listen();
  const handle = harness.getWorker<Env>();
  await handle.applyD1Migrations('DB');
  return {
    origin: url.origin,
    env: await handle.getEnv(),
    logs: () => harness.getLogs().flatMap(({ message }) => parsed(message)),
    stop: () => harness.close(),
  };
}

function parsed(message: string): readonly Record<string, unknown>[] {
  try {
    return [JSON.parse(message) as Record<string, unknown>];
  } catch {
    return [];
  }
}
