// Sessions that a request ended all at once are marked as revoked afterwards, so that the ending can be deleted.
import type { Budget } from './budget.ts';

/** Endings of very many sessions at once. Each is in force already, and done once all of its sessions are marked. */
export interface SessionEndings {
  /** The account of an ending that is not done. */
  next(): Promise<number | undefined>;
  /** Marks some sessions of the account, and returns their number. */
  mark(accountId: number): Promise<number>;
}

export interface MarkedReport {
  readonly marked: number;
  /** Whether the run stopped at its budget; the next run continues. */
  readonly behind: boolean;
}

export async function markEndedSessions(endings: SessionEndings, budget: Budget): Promise<MarkedReport> {
  let marked = 0;
  while (budget.take()) {
    const accountId = await endings.next();
    if (accountId === undefined) return { marked, behind: false };
    marked += await endings.mark(accountId);
  }
  return { marked, behind: true };
}
