// A closed load: each connection sends its next request after the answer to its last one.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { cpuOf } from '../cpu.ts';
import { isSuccess, type Job, MIN_REQUESTS, type Seen } from './job.ts';
import { connectionsOf, type Requests } from './requests.ts';

/** The part of autocannon that is used; it comes without types. */
type Autocannon = (options: object) => Run;
interface Run extends PromiseLike<{ readonly errors: number; readonly timeouts: number }> {
  on(event: 'response', listener: (client: object, status: number, bytes: number, milliseconds: number) => void): void;
  stop(): void;
}
interface Client {
  setRequests(requests: readonly object[]): void;
}

// It is installed beside the peer, for the benchmark alone.
const autocannon = createRequire(join(import.meta.dirname, '../peers/package.json'))('autocannon') as Autocannon;
const LONGEST_EXTRA_MS = 10_000;

const requestOf = ({ method, headers, vary, next, answered }: Requests) => ({
  method,
  headers,
  ...next(),
  // Building a request each time costs the load generator, so only those that vary are rebuilt.
  ...(vary ? { setupRequest: (request: object) => ({ ...request, ...next() }) } : {}),
  ...(answered ? { onResponse: answered } : {}),
});

export async function closedLoad(job: Job): Promise<Seen> {
  const { origin, pid, shot, warmUpSeconds, seconds, maxRequests } = job;
  const connections = connectionsOf(shot, job.connections).map(requestOf);
  const latencies: number[] = [];
  let [failed, started, ended, clients] = [0, 0, 0, 0];
  let cpu: number | undefined;
  const first = performance.now() + warmUpSeconds * 1000;
  const last = first + seconds * 1000;
  const run = autocannon({
    url: origin,
    connections: connections.length,
    duration: warmUpSeconds + seconds + 30,
    timeout: 20,
    requests: connections.slice(0, 1),
    setupClient: (client: Client) => client.setRequests([connections[clients++ % connections.length] ?? {}]),
  });
  run.on('response', (_, status, __, milliseconds) => {
    const now = performance.now();
    if (now < first || ended) return;
    if (!started) {
      started = now;
      cpu = cpuOf(pid);
      return;
    }
    if (!isSuccess(status)) failed += 1;
    latencies.push(milliseconds);
    const enough = now >= last && (latencies.length >= MIN_REQUESTS || now >= last + LONGEST_EXTRA_MS);
    if (!enough && latencies.length < maxRequests) return;
    ended = now;
    const after = cpuOf(pid);
    cpu = cpu === undefined || after === undefined ? undefined : after - cpu;
    run.stop();
  });
  const { errors, timeouts } = await run;
  return { latencies, seconds: (ended - started) / 1000, cpu, failed: failed + errors + timeouts, unanswered: 0 };
}
