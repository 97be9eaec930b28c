// Work that waits until the answer is sent: started earlier, it would delay it.
import type { Context } from '../context.ts';
import { logError } from './error-log.ts';

type Work = () => unknown;

export interface AfterAnswer {
  /** Adds work; its errors are logged. Work that is added after the answer starts at once. */
  defer(work: Work): void;
  /** Starts the work in the turn after the answer's. */
  start(): void;
}

export function afterAnswer(c: Context): AfterAnswer {
  let waiting: Work[] | undefined = [];
  const run = async (work: Work): Promise<void> => {
    try {
      await work();
    } catch (error) {
      logError(c, error);
    }
  };
  return {
    defer(work) {
      if (waiting) waiting.push(work);
      else c.executionCtx.waitUntil(run(work));
    },
    start() {
      const works = waiting ?? [];
      waiting = undefined;
      c.executionCtx.waitUntil(nextTurn().then(() => Promise.all(works.map(run))));
    },
  };
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
