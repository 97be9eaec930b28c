// The load generator, a process of its own: it is told what to send over IPC, sends it for a while, and tells what it saw.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cpuOf } from './cpu.ts';
import type { Figures, Sender, Shot } from './subject.ts';

export interface Job {
  readonly origin: string;
  readonly pid: number | undefined;
  readonly shot: Shot;
  readonly connections: number;
  readonly rate: number | undefined;
  readonly warmUpSeconds: number;
  readonly seconds: number;
  readonly maxRequests: number;
}

/** What is used of autocannon, whose types are no part of it. */
type Autocannon = (options: object) => Run;
interface Run extends PromiseLike<{ readonly errors: number; readonly timeouts: number }> {
  on(event: 'response', listener: (client: object, status: number, bytes: number, milliseconds: number) => void): void;
  stop(): void;
}
interface Sent {
  readonly body?: string;
}

// It is installed beside the peer, for the benchmark alone.
const autocannon = createRequire(join(import.meta.dirname, 'peers/package.json'))('autocannon') as Autocannon;
/** What is slow goes on until it was seen often enough to have a median, within reason. */
const MIN_REQUESTS = 24;
const LONGEST_EXTRA_MS = 10_000;

let sent = 0;
const numbered = (body: string): string =>
  body.includes('{n}') ? body.replaceAll('{n}', `${process.pid}x${sent++}`) : body;

/** What one connection sends: its own headers and body, and a next body from each answer where the shot is a chain. */
function requestOf({ method, path, headers, chain }: Shot, sender: Sender) {
  let next = sender.body;
  const onResponse = (status: number, body: string) => {
    if (status === 200 && chain) next = JSON.stringify({ [chain]: JSON.parse(body)[chain] });
  };
  return {
    method,
    path,
    headers: {
      ...headers,
      ...sender.headers,
      ...(sender.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(sender.body === undefined ? {} : { body: sender.body }),
    ...(sender.body?.includes('{n}')
      ? { setupRequest: (request: Sent) => ({ ...request, body: numbered(sender.body ?? '') }) }
      : {}),
    ...(chain ? { setupRequest: (request: Sent) => ({ ...request, body: next }), onResponse } : {}),
  };
}

async function load({
  origin,
  pid,
  shot,
  connections,
  rate,
  warmUpSeconds,
  seconds,
  maxRequests,
}: Job): Promise<Figures> {
  const latencies: number[] = [];
  let failed = 0;
  let started = 0;
  let ended = 0;
  let cpu: number | undefined;
  let clients = 0;
  const senders = shot.senders ?? [{}];
  const first = performance.now() + warmUpSeconds * 1000;
  const last = first + seconds * 1000;
  const run = autocannon({
    url: origin,
    connections,
    ...(rate === undefined ? {} : { overallRate: rate }),
    duration: warmUpSeconds + seconds + 30,
    timeout: 20,
    requests: [requestOf(shot, senders[0] ?? {})],
    setupClient: (client: { setRequests(requests: readonly object[]): void }) =>
      client.setRequests([requestOf(shot, senders[clients++ % senders.length] ?? {})]),
  });
  run.on('response', (_, status, __, milliseconds) => {
    const now = performance.now();
    if (status < 200 || status > 299) failed += 1;
    if (now < first || ended) return;
    if (!started) {
      started = now;
      cpu = cpuOf(pid);
      return;
    }
    latencies.push(milliseconds);
    const enough = now >= last && (latencies.length >= MIN_REQUESTS || now >= last + LONGEST_EXTRA_MS);
    if (!enough && latencies.length < maxRequests) return;
    ended = now;
    const after = cpuOf(pid);
    cpu = cpu === undefined || after === undefined ? undefined : after - cpu;
    run.stop();
  });
  const { errors, timeouts } = await run;
  return figuresOf(latencies, (ended - started) / 1000, cpu, failed + errors + timeouts);
}

function figuresOf(latencies: number[], seconds: number, cpu: number | undefined, failed: number): Figures {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  const requests = sorted.length;
  return {
    perSecond: requests / seconds,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    cpu: cpu === undefined ? undefined : cpu / requests,
    requests,
    failed,
  };
}

process.on('message', async (job: Job) => {
  process.send?.(await load(job));
  process.disconnect();
});
