// Games: the score at an offset is the score of the last stamp at or before it.
import type { AuthorizedContext } from '../audit-context.ts';
import { type Refusal, refuse } from '../refusal.ts';

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
  /** Null for a game of version 1, which only admins may delete. */
  readonly ownerId: number | null;
}

export type NewGame = Omit<Game, 'id' | 'changes' | 'ownerId'> & { readonly changes: readonly Stamp[] };

/**
 * The games table, which stores only the stamps at which the score changed. A game is readable once all of it is
 * written.
 */
export interface Games {
  /** Records a game of the acting account's, which may own `quota` games, or any number where it is an admin. */
  add(
    game: NewGame,
    quota: number,
    audit: AuthorizedContext,
  ): Promise<Game | Refusal<'token_revoked' | 'quota_exceeded'>>;
  /** A game with its final score. */
  get(id: number): Promise<(Game & { readonly score: Score }) | undefined>;
  /** The same answer as `getScore` on all stamps, found by an index. */
  scoreAt(id: number, offset: number): Promise<Score | Refusal<'game_not_found' | 'before_first_stamp'>>;
  /** Deletes a game of the acting account's, or any where it is an admin. */
  remove(
    id: number,
    audit: AuthorizedContext,
  ): Promise<'removed' | Refusal<'game_not_found' | 'forbidden' | 'token_revoked'>>;
}

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
