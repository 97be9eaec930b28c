// Reindexing: entities that version 1 indexed with more words than one write may change, a bounded number of rows at a
// time, until none is left.
import { ROWS_PER_STATEMENT } from './cleanup.ts';

/** The most statements of one run. */
const STATEMENTS_PER_RUN = 100;

export interface Reindexing {
  /** The next entity to index again: those first that were written since, which no search finds. Undefined if none. */
  next(): Promise<number | undefined>;
  /** Removes at most `ROWS_PER_STATEMENT` rows of the entity's old words, and returns their number. */
  removeRows(entityId: number): Promise<number>;
  /** Indexes the entity, if it still exists, where no row of its old words is left. */
  index(entityId: number): Promise<void>;
}

export interface ReindexingResult {
  readonly reindexed: number;
  /** Whether the run stopped at its limit; the next run continues. */
  readonly unfinished: boolean;
}

/** One run. */
export async function reindex(reindexing: Reindexing): Promise<ReindexingResult> {
  let [reindexed, statements] = [0, 0];
  while (statements < STATEMENTS_PER_RUN) {
    const entityId = await reindexing.next();
    if (entityId === undefined) return { reindexed, unfinished: false };
    let removed: number;
    do {
      removed = await reindexing.removeRows(entityId);
      statements += 1;
    } while (removed === ROWS_PER_STATEMENT && statements < STATEMENTS_PER_RUN);
    if (removed === ROWS_PER_STATEMENT) break;
    await reindexing.index(entityId);
    reindexed += 1;
  }
  return { reindexed, unfinished: true };
}
