// Purging: what a deleted account leaves behind is removed a bounded number of rows at a time, until nothing is left.
// Meanwhile nobody finds the account, or what was private of it.
import { type Budget, callsOnly } from './budget.ts';

export interface Purging {
  /** Deleted accounts of which something is left; first those that were deleted first. */
  due(limit: number): Promise<readonly number[]>;
  /** One round: removes a bounded number of an account's rows, and the account itself where no other row is left. */
  round(accountId: number, now: number): Promise<'more' | 'gone'>;
}

/** The rounds of one account in a row, so that the next one does not wait for all of a large one. */
const ROUNDS_IN_TURN = 4;
const ACCOUNTS_IN_TURN = 10;
/** The rounds behind the request that deletes an account, while the response is on its way. */
const ROUNDS_IN_PASSING = 20;

export interface PurgingReport {
  /** The accounts of which nothing is left. */
  readonly purged: number;
  readonly rounds: number;
  /** Whether the run stopped at its budget; the next run continues. */
  readonly behind: boolean;
}

/** The first rounds of an account; the job does the others. */
export async function purgeInPassing(purging: Purging, accountId: number, now: number): Promise<void> {
  await purgeAccount(purging, accountId, now, callsOnly(ROUNDS_IN_PASSING));
}

/** Rounds of one account while the budget lasts. */
async function purgeAccount(purging: Purging, accountId: number, now: number, budget: Budget) {
  let rounds = 0;
  while (budget.take()) {
    rounds += 1;
    if ((await purging.round(accountId, now)) === 'gone') return { rounds, isGone: true };
  }
  return { rounds, isGone: false };
}

/** One run over the accounts that are due, in turn. */
export async function purgeAccounts(purging: Purging, now: number, budget: Budget): Promise<PurgingReport> {
  let [purged, rounds] = [0, 0];
  while (budget.take()) {
    const due = await purging.due(ACCOUNTS_IN_TURN);
    if (due.length === 0) return { purged, rounds, behind: false };
    for (const accountId of due) {
      const result = await purgeAccount(purging, accountId, now, callsOnly(ROUNDS_IN_TURN, budget));
      purged += Number(result.isGone);
      rounds += result.rounds;
    }
  }
  return { purged, rounds, behind: true };
}
