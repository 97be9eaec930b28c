// `wrangler dev` runs in a process group of its own, so that stopping it leaves nothing behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { DEV_MAIL_FROM } from './dev-mails.ts';
import { root, wranglerBin, wranglerEnv } from './wrangler.ts';

const POLL_MS = 150;
const STOP_GRACE_MS = 5000;

// Lines about wrangler itself at each start, which are dropped; errors, warnings, requests and the Worker's lines stay.
const CHATTER = [
  /^\s*$/,
  /^Cloudflare collects|^Using secrets defined|^Your Worker has access/,
  /^Binding\s+Resource|^env\.|^🪵|^⎔ (Starting|Shutting)/,
  /^\[wrangler:info\] (Ready on|GET \/healthz )/,
];

/** Whether something listens on the port, under either name of localhost. */
export async function isTaken(port: number): Promise<boolean> {
  const answers = (host: string) =>
    new Promise<boolean>((resolve) => {
      const socket = connect({ host, port }, () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => resolve(false)).on('connect', () => socket.destroy());
    });
  return (await Promise.all([answers('127.0.0.1'), answers('::1')])).includes(true);
}

/** Starts the Worker on 127.0.0.1, which `localhost` reaches; its lines go to our stdout and stderr. */
export function serve(port: number, origin: string): ChildProcess {
  const args = [
    'dev',
    '--minify=false',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--inspector-port=0',
    `--var=ISSUER:${origin}`,
    `--var=MAIL_FROM:${DEV_MAIL_FROM}`,
    '--show-interactive-dev-session=false',
  ];
  const child = spawn(process.execPath, [wranglerBin, ...args], {
    cwd: root,
    env: wranglerEnv,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pass = (line: string, to: NodeJS.WriteStream): unknown =>
    CHATTER.some((known) => known.test(line)) || to.write(`${line}\n`);
  createInterface({ input: child.stdout }).on('line', (line) => pass(line, process.stdout));
  createInterface({ input: child.stderr }).on('line', (line) => pass(line, process.stderr));
  return child;
}

/**
 * Resolves to true when the Worker answers, to false when wrangler ended before. Waits through a failing build, which
 * somebody may fix.
 */
export async function isUp(child: ChildProcess, origin: string): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${origin}/healthz`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return true;
    await sleep(POLL_MS);
  }
  return false;
}

/** Ends the whole group, by force where a signal is not enough. */
export async function stop(child: ChildProcess): Promise<void> {
  const deadline = Date.now() + STOP_GRACE_MS;
  signal(child, 'SIGTERM');
  while (signal(child, 0) && Date.now() < deadline) await sleep(POLL_MS / 3);
  signal(child, 'SIGKILL');
}

/** Whether the group was still there to take the signal. */
function signal(child: ChildProcess, name: NodeJS.Signals | 0): boolean {
  try {
    return child.pid !== undefined && process.kill(-child.pid, name);
  } catch {
    return false;
  }
}
