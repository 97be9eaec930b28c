// Each measurement has a load generator of its own, so that none inherits another's heap.
import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Job } from './load.ts';
import type { Figures } from './subject.ts';

/** Loads a server and resolves to what was seen; rejects where the load generator fails. */
export function measure(job: Job): Promise<Figures> {
  const child = fork(join(import.meta.dirname, 'load.ts'), { execArgv: ['--disable-warning=ExperimentalWarning'] });
  return new Promise((resolve, reject) => {
    child.once('message', (figures) => resolve(figures as Figures)); // load.ts sends nothing else
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the load generator ended with ${code}`)));
    child.send(job);
  });
}
