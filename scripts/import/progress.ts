// The progress of an import: a bar in a terminal, a line now and then anywhere else.
import { progress } from '@clack/prompts';
import type { Tally } from './tally.ts';

export interface Progress {
  /** `share` of the input has been read. */
  show(tally: Tally, share: number): void;
  end(message: string): void;
}

const STEPS = 1000;
const LINE_EVERY_MS = 10_000;

export function startProgress(before: number): Progress {
  const startedAt = performance.now();
  const messageOf = ({ records, refused }: Tally, share: number): string => {
    const seconds = (performance.now() - startedAt) / 1000;
    const rate = (records - before) / Math.max(seconds, 0.001);
    const left = share > 0 && rate > 0 ? (records / share - records) / rate : undefined;
    const parts = [`${records} accounts`, `${refused} refused`, `${Math.round(rate)} a second`];
    return [...parts, ...(left === undefined ? [] : [`${duration(left)} left`])].join(', ');
  };
  return process.stderr.isTTY ? bar(messageOf) : lines(messageOf);
}

function bar(messageOf: (tally: Tally, share: number) => string): Progress {
  const shown = progress({ max: STEPS, output: process.stderr });
  let step = 0;
  shown.start('Reading …');
  return {
    show(tally, share) {
      const next = Math.floor(share * STEPS);
      shown.advance(next - step, messageOf(tally, share));
      step = next;
    },
    end: (message) => shown.stop(message),
  };
}

function lines(messageOf: (tally: Tally, share: number) => string): Progress {
  let shownAt = performance.now();
  return {
    show(tally, share) {
      if (performance.now() - shownAt < LINE_EVERY_MS) return;
      shownAt = performance.now();
      console.error(`${Math.floor(share * 100)} %: ${messageOf(tally, share)}`);
    },
    end: (message) => console.error(message),
  };
}

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
