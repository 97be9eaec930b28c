// The clock of an open load, in a thread of its own: it sleeps until the next request is due, which a timer of the
// thread that sends would miss by up to a millisecond, and waiting awake would take a core from the server.
import { parentPort, workerData } from 'node:worker_threads';
import { clock, dueAt, type Pace } from './pace.ts';

const pace = workerData as Pace; // load/open.ts starts this thread
const never = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

for (let number = 0; number < pace.count; number += 1) {
  const left = dueAt(pace, number) - clock();
  if (left > 0) Atomics.wait(never, 0, 0, left);
  parentPort?.postMessage(number);
}
