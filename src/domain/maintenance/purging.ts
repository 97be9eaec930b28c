// Purging: what a deleted account leaves behind is removed a bounded number of rows at a time, until nothing is left.
// Meanwhile nobody finds the account, or what was private of it.

export interface Purging {
  /** Deleted accounts of which something is left; first those that were deleted first. */
  due(limit: number): Promise<readonly number[]>;
  /** One round: removes a bounded number of an account's rows, and the account itself where no other row is left. */
  round(accountId: number, now: number): Promise<'more' | 'gone'>;
}

/** The rounds of one account in a row, so that the next one does not wait for all of a large one. */
const ROUNDS_PER_ACCOUNT = 20;
const ACCOUNTS_IN_TURN = 10;
/** A run ends with the turn in which it has had so many. */
const ROUNDS_PER_RUN = 200;

export interface PurgingResult {
  /** The accounts of which nothing is left. */
  readonly purged: number;
  readonly rounds: number;
  /** Whether the run stopped at its limit; the next run continues. */
  readonly unfinished: boolean;
}

/** The next rounds of one account. */
export async function purgeAccount(purging: Purging, accountId: number, now: number): Promise<PurgingResult> {
  for (let rounds = 1; rounds <= ROUNDS_PER_ACCOUNT; rounds += 1) {
    if ((await purging.round(accountId, now)) === 'gone') return { purged: 1, rounds, unfinished: false };
  }
  return { purged: 0, rounds: ROUNDS_PER_ACCOUNT, unfinished: true };
}

/** One run over the accounts that are due. */
export async function purgeAccounts(purging: Purging, now: number): Promise<PurgingResult> {
  let [purged, rounds] = [0, 0];
  let due = await purging.due(ACCOUNTS_IN_TURN);
  while (due.length > 0 && rounds < ROUNDS_PER_RUN) {
    for (const accountId of due) {
      const result = await purgeAccount(purging, accountId, now);
      purged += result.purged;
      rounds += result.rounds;
    }
    due = await purging.due(ACCOUNTS_IN_TURN);
  }
  return { purged, rounds, unfinished: due.length > 0 };
}
