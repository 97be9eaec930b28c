// Recording a game stamp by stamp: each is validated as it comes, and only those that change the score are stored.
import type { FieldError } from '../refusal.ts';
import type { NewGame, Stamp } from './game.ts';

export const MAX_STAMPS = 200_000;
/** Each change is a row. */
export const MAX_CHANGES = 20_000;

/** A stamp as it was sent, with undefined for a field that is missing or not a number. */
export interface SentStamp {
  readonly offset: number | undefined;
  readonly home: number | undefined;
  readonly away: number | undefined;
}

/** The memory that a recording takes is bounded by its score changes, however many stamps are added. */
export interface Recording {
  add(stamp: SentStamp): void;
  /** The game of the stamps that were added; the error where there are too few or too many, or else the first one. */
  finish(): NewGame | FieldError;
}

const NOT_1_TO_MAX: FieldError = { path: '', message: `must be 1 to ${MAX_STAMPS} stamps` };
const TOO_MANY_CHANGES: FieldError = {
  path: '',
  message: `must change the score at most ${MAX_CHANGES} times, the first stamp included`,
};

export function newRecording(): Recording {
  const changes: Stamp[] = [];
  let [stamps, firstOffset, lastOffset] = [0, 0, -1];
  let error: FieldError | undefined;

  /** Records a valid stamp; returns the error where it is one change too many. */
  const record = (offset: number, home: number, away: number): FieldError | undefined => {
    if (stamps === 1) firstOffset = offset;
    lastOffset = offset;
    const before = changes.at(-1)?.score;
    if (before?.home === home && before.away === away) return undefined;
    return changes.push({ offset, score: { home, away } }) > MAX_CHANGES ? TOO_MANY_CHANGES : undefined;
  };

  return {
    add({ offset, home, away }) {
      stamps += 1;
      if (error) return;
      const path = `${stamps - 1}`;
      if (!isCount(offset)) error = { path: `${path}.offset`, message: NOT_A_COUNT };
      else if (offset <= lastOffset) error = { path: `${path}.offset`, message: NOT_RISING };
      else if (!isCount(home)) error = { path: `${path}.score.home`, message: NOT_A_COUNT };
      else if (!isCount(away)) error = { path: `${path}.score.away`, message: NOT_A_COUNT };
      else error = record(offset, home, away);
    },
    finish() {
      if (stamps < 1 || stamps > MAX_STAMPS) return NOT_1_TO_MAX;
      return error ?? { stamps, firstOffset, lastOffset, changes };
    },
  };
}

const NOT_A_COUNT = 'must be an integer of at least 0';
const NOT_RISING = 'must be greater than the offset before';
const isCount = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
