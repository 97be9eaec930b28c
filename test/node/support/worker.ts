// The real Worker as a deploy bundles it, in wrangler's workerd, with stores that are removed with it.
import { migrate, serve } from '../../../bench/server.ts';
import { newSecrets } from '../../../scripts/key-set.ts';
import { root } from '../../../scripts/wrangler.ts';
import { bundled } from './bundled.ts';

export interface RunningWorker {
  readonly origin: string;
  readonly env: Env;
  stop(): Promise<void>;
}

/** Starts it, migrated, with rate limits off unless `vars` says otherwise. */
export async function startedWorker(vars: Readonly<Record<string, string>> = {}): Promise<RunningWorker> {
  const bindings = { ...(await newSecrets()), RATE_LIMITS: 'off', ...vars };
  const server = await serve(await bundled(), undefined, bindings, root, 'whole');
  await migrate(server);
  return {
    origin: server.origin,
    env: await server.miniflare.getBindings<Env>(),
    stop: () => server.close(),
  };
}
