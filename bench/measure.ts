// Each measurement has a load generator of its own, so that none inherits another's heap.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job } from './load/job.ts';
import type { Server } from './server.ts';
import type { Figures, Shot, Subject } from './subject.ts';

const MAX_REQUESTS = 50_000;
const WARM_UP_SECONDS = 0.4;

type Load = Partial<Pick<Job, 'rate' | 'warmUpSeconds' | 'maxRequests' | 'priority'>> &
  Pick<Job, 'seconds' | 'connections'>;

/** Loads a server with a subject, at the subject's own rate if no other is given. */
export const measureSubject = async (
  server: Server,
  { connections, shot, rate }: Subject,
  load: Omit<Load, 'connections'>,
): Promise<Figures> => measure(server, await shot(server.origin), { connections, rate, ...load });

/** Loads a server and resolves to the result; rejects where the load generator fails. */
export function measure({ origin, pid }: Server, shot: Shot, load: Load): Promise<Figures> {
  const child = fork(join(import.meta.dirname, 'load/process.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const job: Job = {
    origin,
    pid,
    shot,
    rate: undefined,
    warmUpSeconds: WARM_UP_SECONDS,
    maxRequests: MAX_REQUESTS,
    ...load,
  };
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figures)); // load/process.ts sends nothing else
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.send(job);
  });
}
