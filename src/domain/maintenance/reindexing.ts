// Reindexing: entities that version 1 indexed with more words than one write may change, a bounded number of rows at a
// time, until none is left.
import type { Budget } from './budget.ts';
import { ROWS_PER_STATEMENT } from './cleanup.ts';

export interface Reindexing {
  /**
   * The next entity to index again; entities written since come first, because no search finds them. Undefined if none.
   */
  next(): Promise<number | undefined>;
  /** Removes at most `ROWS_PER_STATEMENT` rows of the entity's old words, and returns their number. */
  removeRows(entityId: number): Promise<number>;
  /** Indexes the entity, if it still exists, where no row of its old words is left. */
  index(entityId: number): Promise<void>;
}

export interface ReindexingReport {
  readonly reindexed: number;
  /** Whether the run stopped at its budget; the next run continues. */
  readonly behind: boolean;
}

/** One run. */
export async function reindex(reindexing: Reindexing, budget: Budget): Promise<ReindexingReport> {
  let reindexed = 0;
  while (budget.take()) {
    const entityId = await reindexing.next();
    if (entityId === undefined) return { reindexed, behind: false };
    if (!(await removeAllRows(reindexing, entityId, budget)) || !budget.take()) return { reindexed, behind: true };
    await reindexing.index(entityId);
    reindexed += 1;
  }
  return { reindexed, behind: true };
}

async function removeAllRows(reindexing: Reindexing, entityId: number, budget: Budget): Promise<boolean> {
  while (budget.take()) if ((await reindexing.removeRows(entityId)) < ROWS_PER_STATEMENT) return true;
  return false;
}
