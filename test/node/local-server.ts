// A local server that can be killed: a process group of its own with the built Worker, whose stores are kept on disk.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Secrets } from '../../scripts/key-set.ts';
import { wranglerEnv } from '../../scripts/wrangler.ts';

export interface LocalServer {
  readonly origin: string;
  /** The errors that SQLite finds in the stores at the start. */
  readonly broken: readonly string[];
  /** SIGKILL to every process of it, workerd too. Resolves once they have ended. */
  kill(): Promise<void>;
}

type MailBindings = Partial<Readonly<Record<'MAIL_FROM' | 'MAIL_API_URL' | 'MAIL_API_KEY', string>>>;

/** Starts the Worker that bench/build.ts bundled, over the stores in `state`. Its jobs run each half second, if any. */
export async function start(
  bundled: string,
  state: string,
  bindings: Secrets & MailBindings,
  jobs: 'with jobs' | 'without jobs' = 'without jobs',
): Promise<LocalServer> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'server-process.ts'), bundled, state], {
    env: { ...wranglerEnv, LOCAL_SECRETS: JSON.stringify(bindings), LOCAL_JOBS: jobs, NODE_NO_WARNINGS: '1' },
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { origin, broken } = await firstLine(child);
  const kill = async () => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await exited;
    while (
      await fetch(`${origin}/healthz`).then(
        () => true,
        () => false,
      )
    )
      await new Promise((resolve) => setTimeout(resolve, 10));
  };
  return { origin, broken, kill };
}

async function firstLine(child: ChildProcess): Promise<{ origin: string; broken: string[] }> {
  if (!child.stdout) throw new Error('the server has no stdout');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) return JSON.parse(line);
  }
  throw new Error('the server ended before it was up');
}
