// Runs the same race many times, each time started in another way, and counts the outcomes.
import { env } from 'cloudflare:workers';
import type { Answer } from './client.ts';

/** RACE_ROUNDS sets the long form; the short one runs with `npm test`. */
const ROUNDS = Number(env.RACE_ROUNDS || 4);
export const RACE_TIMEOUT_MS = 60_000 + ROUNDS * 10_000;

/** The last racer starts at most this long after the first: about what hashing a password takes. */
const LATEST_START_MS = 40;

type Call = () => Promise<Answer>;
/** Starts the calls of one round and returns their answers, in their order. */
export type Start = (calls: readonly Call[]) => Promise<readonly Answer[]>;

/** In turn: all at once, all at once from the last to the first, and each at a time of its own. */
const started =
  (round: number): Start =>
  async (calls) => {
    const late = async (call: Call) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * LATEST_START_MS));
      return call();
    };
    if (round % 3 === 2) return Promise.all(calls.map(late));
    if (round % 3 === 0) return Promise.all(calls.map((call) => call()));
    return (await Promise.all(calls.toReversed().map((call) => call()))).toReversed();
  };

/** Runs every round and tells, by `annotate`, how often each outcome came about. */
export async function raced(
  annotate: (message: string) => unknown,
  round: (start: Start) => Promise<string>,
): Promise<void> {
  const outcomes = new Map<string, number>();
  for (let number = 0; number < ROUNDS; number += 1) {
    const outcome = await round(started(number));
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  await annotate(`${ROUNDS} rounds: ${[...outcomes].map(([outcome, count]) => `${outcome} (${count})`).join(', ')}`);
}

export const statuses = (answers: readonly Answer[]): string => answers.map(({ status }) => status).join('/');
