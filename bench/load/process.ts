// The load generator, a process of its own: it receives a job over IPC, sends its requests, and reports the result.
import { constants, setPriority } from 'node:os';
import type { Figures } from '../subject.ts';
import { closedLoad } from './closed.ts';
import type { Job, Seen } from './job.ts';
import { openLoad } from './open.ts';

function figuresOf({ latencies, seconds, cpu, failed, unanswered }: Seen): Figures {
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
    unanswered,
  };
}

process.on('message', async (job: Job) => {
  if (job.priority === 'background') setPriority(constants.priority.PRIORITY_LOW);
  process.send?.(figuresOf(await (job.rate === undefined ? closedLoad(job) : openLoad(job, job.rate))));
  process.disconnect();
});
