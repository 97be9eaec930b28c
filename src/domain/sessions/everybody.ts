// Ending everybody's sessions but the acting admin's: some accounts at a time, however many there are.
import type { AuthorizedContext } from '../audit-context.ts';
import { isRefusal, type Refusal } from '../refusal.ts';

/** Accounts whose sessions one statement ends, at a row an account. */
const ACCOUNTS_PER_CALL = 300;
/** Statements of one request: 900 accounts. With more, the request is sent again. */
const CALLS = 3;

export interface MassEndings {
  /**
   * Ends all live sessions but the acting one, of accounts behind `after` in the order of their ids, at most `limit`.
   */
  endBehind(
    after: number,
    limit: number,
    audit: AuthorizedContext,
  ): Promise<readonly number[] | Refusal<'token_revoked' | 'forbidden'>>;
}

/** How many accounts were signed out, and whether others are left. */
export interface EndedEverybody {
  readonly accounts: number;
  readonly isDone: boolean;
}

export async function endEverybody(
  massEndings: MassEndings,
  audit: AuthorizedContext,
): Promise<EndedEverybody | Refusal<'token_revoked' | 'forbidden'>> {
  let [accounts, after] = [0, 0];
  for (let call = 0; call < CALLS; call += 1) {
    const ended = await massEndings.endBehind(after, ACCOUNTS_PER_CALL, audit);
    if (isRefusal(ended)) return ended;
    accounts += ended.length;
    if (ended.length < ACCOUNTS_PER_CALL) return { accounts, isDone: true };
    after = Math.max(...ended);
  }
  return { accounts, isDone: false };
}
