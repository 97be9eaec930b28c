// An open load: requests are due at a fixed rate, whether answers come or not, and latency counts from when they were
// due. A server that stalls is charged for everybody who would have asked meanwhile.
import { Agent, request } from 'node:http';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { cpuOf } from '../cpu.ts';
import { isSuccess, type Job, MIN_REQUESTS, type Seen } from './job.ts';
import { connectionsOf, type Requests } from './requests.ts';

/** Timers are late by about a millisecond: what is due sooner is waited for awake. */
const TIMER_MS = 2;
/** Until the last answer; whatever is unanswered then has failed. */
const LONGEST_DRAIN_MS = 20_000;

export async function openLoad(job: Job, rate: number): Promise<Seen> {
  const { origin, pid, shot, connections, warmUpSeconds, seconds } = job;
  const sending = sendingTo(origin, connectionsOf(shot, connections));
  const begin = performance.now();
  const first = begin + warmUpSeconds * 1000;
  const last = first + Math.max(seconds, MIN_REQUESTS / rate) * 1000;
  let before: number | undefined;
  for (let count = 0; ; count += 1) {
    const due = begin + (count * 1000) / rate;
    if (due >= last) break;
    await until(due);
    const isMeasured = due >= first;
    if (isMeasured && before === undefined) before = cpuOf(pid);
    sending.arrive({ due, isMeasured });
  }
  const unanswered = await sending.drained();
  const after = cpuOf(pid);
  const { latencies, failed, lastAnswerAt } = sending.seen();
  return {
    latencies,
    seconds: (Math.max(last, lastAnswerAt) - first) / 1000,
    cpu: before === undefined || after === undefined ? undefined : after - before,
    failed: failed + unanswered,
  };
}

async function until(due: number): Promise<void> {
  for (let left = due - performance.now(); left > 0; left = due - performance.now())
    await (left > TIMER_MS ? sleep(left - TIMER_MS) : turn());
}

interface Arrival {
  readonly due: number;
  readonly isMeasured: boolean;
}

/** Whatever arrives while all connections wait for answers stands in a queue, and its latency is running. */
function sendingTo(origin: string, connections: readonly Requests[]) {
  const { hostname, port } = new URL(origin);
  const agent = new Agent({ keepAlive: true, maxSockets: connections.length });
  const idle = [...connections];
  const queue: Arrival[] = [];
  const latencies: number[] = [];
  let [failed, lastAnswerAt] = [0, 0];

  const send = (connection: Requests, { due, isMeasured }: Arrival): void => {
    const { path, body } = connection.next();
    const { method, headers } = connection;
    let isOver = false;
    const ended = (status: number, text: string) => {
      if (isOver) return;
      isOver = true;
      lastAnswerAt = performance.now();
      if (!isSuccess(status)) failed += 1;
      if (isMeasured) latencies.push(lastAnswerAt - due);
      connection.answered?.(status, text);
      const next = queue.shift();
      if (next) send(connection, next);
      else idle.push(connection);
    };
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    request({ agent, hostname, port, method, path, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => ended(response.statusCode ?? 0, text));
      response.on('error', () => ended(0, ''));
    })
      .on('error', () => ended(0, ''))
      .end(body);
  };

  return {
    arrive(arrival: Arrival): void {
      const connection = idle.shift();
      if (connection) send(connection, arrival);
      else queue.push(arrival);
    },
    /** Waits for what is under way, and resolves to how many requests were left without an answer. */
    async drained(): Promise<number> {
      const latest = performance.now() + LONGEST_DRAIN_MS;
      while (idle.length < connections.length && performance.now() < latest) await sleep(1);
      agent.destroy();
      return queue.length + connections.length - idle.length;
    },
    seen: () => ({ latencies, failed, lastAnswerAt }),
  };
}
