// An open load: requests are due at a fixed rate, whether answers come or not, and latency counts from when they were
// due. A stall therefore counts for every request that was due meanwhile.
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { cpuOf } from '../cpu.ts';
import { isSuccess, type Job, MIN_REQUESTS, type Seen } from './job.ts';
import { clock, dueAt, type Pace } from './pace.ts';
import { connectionsOf, type Requests } from './requests.ts';

/** The time until the last answer; a request without an answer by then has failed. */
const LONGEST_DRAIN_MS = 20_000;

/** The thread that paces the load has to start. */
const START_MS = 100;

export async function openLoad(job: Job, rate: number): Promise<Seen> {
  const { origin, pid, shot, connections, warmUpSeconds, seconds } = job;
  const sending = sendingTo(origin, connectionsOf(shot, connections));
  const warmUp = Math.round(warmUpSeconds * rate);
  const pace: Pace = {
    begin: clock() + START_MS,
    rate,
    count: warmUp + Math.max(MIN_REQUESTS, Math.round(seconds * rate)),
  };
  let before: number | undefined;
  const pacer = new Worker(join(import.meta.dirname, 'pacer.ts'), { workerData: pace });
  pacer.on('message', (number: number) => {
    if (number === warmUp) before = cpuOf(pid);
    sending.arrive({ due: dueAt(pace, number), isMeasured: number >= warmUp });
  });
  await once(pacer, 'exit');
  const unanswered = await sending.drained();
  const after = cpuOf(pid);
  const { latencies, failed, lastAnswerAt } = sending.seen();
  const end = Math.max(dueAt(pace, pace.count), lastAnswerAt);
  return {
    latencies,
    seconds: (end - dueAt(pace, warmUp)) / 1000,
    cpu: before === undefined || after === undefined ? undefined : after - before,
    failed: failed + unanswered,
    unanswered,
  };
}

interface Arrival {
  readonly due: number;
  readonly isMeasured: boolean;
}

/** Requests that arrive while all connections wait for answers are queued, and their latency counts from then. */
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
      lastAnswerAt = clock();
      if (isMeasured) latencies.push(lastAnswerAt - due);
      if (isMeasured && !isSuccess(status)) failed += 1;
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
    /** Waits for the requests under way, and resolves to the number left without an answer. */
    async drained(): Promise<number> {
      const latest = clock() + LONGEST_DRAIN_MS;
      while (idle.length < connections.length && clock() < latest) await sleep(1);
      const unanswered = queue.length + connections.length - idle.length;
      queue.length = 0;
      agent.destroy();
      return unanswered;
    },
    seen: () => ({ latencies, failed, lastAnswerAt }),
  };
}
