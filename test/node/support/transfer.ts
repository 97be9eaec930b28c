// Runs `npm run import` and `npm run export` against a running Worker, as its admin.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import packaged from '../../../package.json' with { type: 'json' };
import { root } from '../../../scripts/wrangler.ts';
import { type RunningWorker, startedWorker } from './worker.ts';

export const ADMIN = { email: 'admin@example.com', password: 'the admin of a test' };

/** A Worker with one admin and nothing else. */
export async function workerWithAdmin(vars: Readonly<Record<string, string>> = {}): Promise<RunningWorker> {
  const worker = await startedWorker(vars);
  await post(`${worker.origin}/api/register`, ADMIN);
  await worker.env.DB.prepare("UPDATE accounts SET role = 'admin'").run();
  return worker;
}

export const post = async (url: string, json: object) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(json),
  });
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
  return { status: response.status, body: (await response.json()) as any };
};

export interface Running {
  readonly child: ChildProcess;
  /** Its exit code, its output, and its peak memory in MiB. */
  readonly ended: Promise<{ code: number | null; out: string; err: string; peakMib: number }>;
}

/** Starts a script as npm would. */
export function started(
  script: 'import' | 'export',
  args: readonly string[],
  origin: string,
  variables: Readonly<Record<string, string>> = {},
): Running {
  const [, ...command] = packaged.scripts[script].split(' ');
  const child = spawn(process.execPath, [...command, ...args, '--url', origin], {
    cwd: root,
    env: { ...process.env, LATCHKEY_ADMIN_EMAIL: ADMIN.email, LATCHKEY_ADMIN_PASSWORD: ADMIN.password, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err, peakMib] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const watching = setInterval(() => (peakMib = Math.max(peakMib, peakOf(child.pid))), 50);
  const ended = once(child, 'close').then(([code]) => {
    clearInterval(watching);
    return { code, out, err, peakMib };
  });
  return { child, ended };
}

export const ran = (script: 'import' | 'export', args: readonly string[], origin: string) =>
  started(script, args, origin).ended;

/** The peak memory of a process in MiB; 0 where the system does not tell. */
function peakOf(pid: number | undefined): number {
  try {
    return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
