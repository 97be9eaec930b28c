// Purging: all rows of a deleted account are removed, a bounded number at a time. Meanwhile no query finds the account
// or its private entities.
import { type Budget, callsOnly } from './budget.ts';

export interface Purging {
  /** Deleted accounts that still have rows, the first deleted first. */
  due(limit: number): Promise<readonly number[]>;
  /** One round: removes a bounded number of an account's rows, and the account itself where no other row is left. */
  round(accountId: number, now: number): Promise<'more' | 'gone'>;
}

/** Rounds of one account in a row: more would let the others wait for all of a large one. */
const ROUNDS_IN_TURN = 4;
const ACCOUNTS_IN_TURN = 10;
/** Rounds of the request that deletes an account, after its response. */
const ROUNDS_IN_PASSING = 20;

export interface PurgingReport {
  /** The number of accounts that have no row left. */
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
