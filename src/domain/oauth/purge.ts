// The purge of deleted clients: their rows, which no longer work, are removed a bounded number at a time.
import type { Budget } from '../maintenance/budget.ts';

/**
 * Runs rounds until one removes nothing, or the budget ends. Returns the number of removed rows; undefined for none.
 */
export async function purgeDeletedClients(
  round: () => Promise<{ readonly removed: number }>,
  budget: Budget,
): Promise<{ readonly removed: number } | undefined> {
  let total = 0;
  while (budget.take()) {
    const { removed } = await round();
    total += removed;
    if (removed === 0) break;
  }
  return total > 0 ? { removed: total } : undefined;
}
