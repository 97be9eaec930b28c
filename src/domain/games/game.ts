// The score of a game at an offset is that of its last stamp at or before it.
import { type FieldError, type Refusal, refuse } from '../refusal.ts';

export interface Score {
  readonly home: number;
  readonly away: number;
}

/** A score as it stood at an offset from the start of the recording. Offsets rise strictly; scores may fall, for goals get annulled. */
export interface Stamp {
  readonly offset: number;
  readonly score: Score;
}

export interface Game {
  readonly id: number;
  /** How many stamps were recorded, and how many of them changed the score, the first among them. */
  readonly stamps: number;
  readonly changes: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

export type NewGame = Omit<Game, 'id' | 'changes'> & { readonly changes: readonly Stamp[] };

/** Where games are kept: only the stamps at which the score changed. */
export interface Games {
  /** Keeps a game for an account that is active. */
  add(game: NewGame, accountId: number): Promise<Game | Refusal<'token_revoked'>>;
  /** A game with its final score. */
  find(id: number): Promise<(Game & { readonly score: Score }) | undefined>;
  /** The same answer as `getScore` on all of its stamps, found by an index. */
  scoreAt(id: number, offset: number): Promise<Score | Refusal<'game_not_found' | 'before_first_stamp'>>;
}

export const MAX_STAMPS = 200_000;

/** The score at an offset, in O(log n). The stamps are sorted by their offsets. */
export function getScore(stamps: readonly Stamp[], offset: number): Score | Refusal<'before_first_stamp'> {
  let low = 0;
  let high = stamps.length;
  // Every stamp below `low` is at or before the offset, every one from `high` on is after it.
  while (low < high) {
    const middle = (low + high) >>> 1;
    const stamp = stamps[middle];
    if (stamp && stamp.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return stamps[low - 1]?.score ?? refuse('before_first_stamp');
}

/** The stamps that say something new. */
export const scoreChanges = (stamps: readonly Stamp[]): readonly Stamp[] =>
  stamps.filter(({ score }, index) => {
    const before = stamps[index - 1]?.score;
    return !before || before.home !== score.home || before.away !== score.away;
  });

/** The game that stamps without a fault make. */
export function gameOf(stamps: readonly Stamp[]): NewGame {
  const offsets = { firstOffset: stamps[0]?.offset ?? 0, lastOffset: stamps.at(-1)?.offset ?? 0 };
  return { stamps: stamps.length, changes: scoreChanges(stamps), ...offsets };
}

/** The first thing that keeps a value from being the stamps of a game; undefined where it is. */
export function faultInStamps(value: unknown): FieldError | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_STAMPS)
    return { path: '', message: `must be 1 to ${MAX_STAMPS} stamps` };
  let before = -1;
  for (let index = 0; index < value.length; index += 1) {
    const fault = faultIn(value[index], before);
    if (fault) return { ...fault, path: `${index}${fault.path}` };
    before = value[index].offset;
  }
  return undefined;
}

const COUNT_WORDS = 'must be an integer of at least 0';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function faultIn(stamp: Partial<Stamp> | null | undefined, before: number): FieldError | undefined {
  if (!isCount(stamp?.offset)) return { path: '.offset', message: COUNT_WORDS };
  if (stamp.offset <= before) return { path: '.offset', message: 'must be greater than the offset before' };
  if (!isCount(stamp.score?.home)) return { path: '.score.home', message: COUNT_WORDS };
  return isCount(stamp.score.away) ? undefined : { path: '.score.away', message: COUNT_WORDS };
}
