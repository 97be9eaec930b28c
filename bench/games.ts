// The cost of several large games at once: the peak memory of workerd, and its CPU. `node bench/games.ts`
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { newSecrets } from '../scripts/key-set.ts';
import { bundle } from './build.ts';
import { cpuOf } from './cpu.ts';
import { migrate, type Server, serve } from './server.ts';

const MAX_BYTES = 16 * 1024 * 1024;
const encoder = new TextEncoder();

/** A body with as many copies of an element as fit, between a start and an end. */
const filled = (open: string, element: string, close: string): string =>
  open +
  Array(Math.floor((MAX_BYTES - open.length - close.length) / (element.length + 1)))
    .fill(element)
    .join(',') +
  close;

/** 200 000 stamps, 20 000 of which change the score, with white space up to the limit. */
function game(): string {
  const stamps = Array.from({ length: 200_000 }, (_, index) => ({
    offset: index * 40,
    score: { home: Math.floor(index / 10), away: 0 },
  }));
  return JSON.stringify({ stamps }).padEnd(MAX_BYTES, ' ');
}

const BODIES: Readonly<Record<string, () => string>> = {
  'a game of 200 000 stamps': game,
  numbers: () => filled('{"a":[', '1', '],"stamps":[]}'),
  texts: () => filled('{"a":[', '"0123456789abcdef0123456789abcdef"', '],"stamps":[]}'),
  'one text': () => filled('{"a":"', 'x', '","stamps":[]}'),
  'nested arrays': () => '['.repeat(MAX_BYTES),
};

/** A figure of /proc/<pid>/status, in MiB. */
const statusOf = (pid: number, name: string): number =>
  Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

async function tokenOf(origin: string): Promise<string> {
  const person = { username: `reader-${crypto.randomUUID()}`, password: 'a secret of somebody' };
  const post = (path: string) =>
    fetch(origin + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(person),
    });
  await (await post('/user')).arrayBuffer();
  return ((await (await post('/auth')).json()) as { token: string }).token; // as documented
}

async function send({ origin, pid = 0 }: Server, body: Uint8Array, count: number) {
  const token = await tokenOf(origin);
  writeFileSync(`/proc/${pid}/clear_refs`, '5'); // resets VmHWM
  const before = { memory: statusOf(pid, 'VmRSS'), cpu: cpuOf(pid) ?? 0 };
  const startedAt = performance.now();
  const answers = await Promise.all(
    Array.from({ length: count }, async () => {
      const response = await fetch(`${origin}/games`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
        body,
      });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  return {
    statuses: [...new Set(answers)].join(' '),
    'MiB more': Math.round(statusOf(pid, 'VmHWM') - before.memory),
    'CPU ms each': Math.round(((cpuOf(pid) ?? 0) - before.cpu) / count),
    ms: Math.round(performance.now() - startedAt),
  };
}

const { values } = parseArgs({ options: { bundle: { type: 'string' }, count: { type: 'string', default: '4' } } });
const directory = mkdtempSync(join(tmpdir(), 'latchkey-games-'));
try {
  const bundled = values.bundle ?? (await bundle('src/index.ts', join(directory, 'bundle'))).directory;
  for (const [name, make] of Object.entries(BODIES)) {
    const server = await serve(bundled, join(directory, name), { RATE_LIMITS: 'off', ...(await newSecrets()) });
    await migrate(server);
    const body = encoder.encode(make());
    try {
      await send(server, encoder.encode(JSON.stringify({ stamps: [] })), 4);
      for (const count of [1, Number(values.count)]) console.log(name, count, await send(server, body, count));
    } catch (error) {
      console.log(name, 'failed:', error instanceof Error ? (error.cause ?? error.message) : error);
    }
    await server.close();
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
