// Games: the score at an offset is the score of the last stamp at or before it.
import type { AuthorizedContext } from '../audit-context.ts';
import { type FieldError, type Refusal, refuse } from '../refusal.ts';

export interface Score {
  readonly home: number;
  readonly away: number;
}

/**
 * The score at an offset from the start of the recording. Offsets rise strictly; a score may fall when a goal is
 * annulled.
 */
export interface Stamp {
  readonly offset: number;
  readonly score: Score;
}

export interface Game {
  readonly id: number;
  /** The number of stamps, and of those that changed the score, the first stamp included. */
  readonly stamps: number;
  readonly changes: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

export type NewGame = Omit<Game, 'id' | 'changes'> & { readonly changes: readonly Stamp[] };

/** The games table, which stores only the stamps at which the score changed. */
export interface Games {
  add(game: NewGame, audit: AuthorizedContext): Promise<Game | Refusal<'token_revoked'>>;
  /** A game with its final score. */
  get(id: number): Promise<(Game & { readonly score: Score }) | undefined>;
  /** The same answer as `getScore` on all stamps, found by an index. */
  scoreAt(id: number, offset: number): Promise<Score | Refusal<'game_not_found' | 'before_first_stamp'>>;
}

export const MAX_STAMPS = 200_000;

/** The score at an offset, by binary search over stamps that are sorted by offset. */
export function getScore(stamps: readonly Stamp[], offset: number): Score | Refusal<'before_first_stamp'> {
  let low = 0;
  let high = stamps.length;
  // Invariant: stamps below `low` are at or before the offset, stamps from `high` on are after it.
  while (low < high) {
    const middle = (low + high) >>> 1;
    const stamp = stamps[middle];
    if (stamp && stamp.offset <= offset) low = middle + 1;
    else high = middle;
  }
  return stamps[low - 1]?.score ?? refuse('before_first_stamp');
}

/** The stamps at which the score changes, the first one included. */
export const scoreChanges = (stamps: readonly Stamp[]): readonly Stamp[] =>
  stamps.filter(({ score }, index) => {
    const before = stamps[index - 1]?.score;
    return !before || before.home !== score.home || before.away !== score.away;
  });

/** The game of valid stamps. */
export function gameOf(stamps: readonly Stamp[]): NewGame {
  const offsets = { firstOffset: stamps[0]?.offset ?? 0, lastOffset: stamps.at(-1)?.offset ?? 0 };
  return { stamps: stamps.length, changes: scoreChanges(stamps), ...offsets };
}

/** The first error in the stamps of a game; undefined for valid stamps. */
export function validateStamps(value: unknown): FieldError | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > MAX_STAMPS)
    return { path: '', message: `must be 1 to ${MAX_STAMPS} stamps` };
  let before = -1;
  for (let index = 0; index < value.length; index += 1) {
    const error = validateStamp(value[index], before);
    if (error) return { ...error, path: `${index}${error.path}` };
    before = value[index].offset;
  }
  return undefined;
}

const NOT_A_COUNT = 'must be an integer of at least 0';
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function validateStamp(stamp: Partial<Stamp> | null | undefined, before: number): FieldError | undefined {
  if (!isCount(stamp?.offset)) return { path: '.offset', message: NOT_A_COUNT };
  if (stamp.offset <= before) return { path: '.offset', message: 'must be greater than the offset before' };
  if (!isCount(stamp.score?.home)) return { path: '.score.home', message: NOT_A_COUNT };
  return isCount(stamp.score.away) ? undefined : { path: '.score.away', message: NOT_A_COUNT };
}
