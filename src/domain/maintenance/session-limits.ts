// Sessions at once: an account has a limited number of live ones, and those used longest ago are ended.
import type { Budget } from './budget.ts';

export const MAX_LIVE_SESSIONS = 100;

/** Sessions that one call ends. */
export const ENDED_PER_CALL = 500;

/** Accounts that opened sessions lately and have more live ones than the limit. */
export interface Crowded {
  readonly accountIds: readonly number[];
  /** The last session that was examined. */
  readonly upTo: number;
  /** Whether no later session exists. */
  readonly isLast: boolean;
}

/** Walks the sessions in the order in which they were opened, from where the last run ended. */
export interface SessionLimits {
  findCrowded(now: number): Promise<Crowded>;
  /**
   * Ends at most `ENDED_PER_CALL` sessions beyond the limit, those used longest ago first, and returns their number.
   */
  endExcess(accountId: number, now: number): Promise<number>;
  /** The next search starts behind this session. */
  moveTo(upTo: number): Promise<void>;
}

export interface SessionLimitsReport {
  readonly accounts: number;
  readonly ended: number;
  /** Whether the run stopped at its budget; the next run continues. */
  readonly behind: boolean;
}

/** One run over the sessions that were opened since the last one. */
export async function limitSessions(limits: SessionLimits, now: number, budget: Budget): Promise<SessionLimitsReport> {
  let accounts = 0;
  let ended = 0;
  while (budget.take()) {
    const { accountIds, upTo, isLast } = await limits.findCrowded(now);
    for (const accountId of accountIds) {
      const excess = await endAllExcess(limits, accountId, now, budget);
      accounts += 1;
      ended += excess.ended;
      if (excess.behind) return { accounts, ended, behind: true };
    }
    await limits.moveTo(upTo);
    if (isLast) return { accounts, ended, behind: false };
  }
  return { accounts, ended, behind: true };
}

async function endAllExcess(limits: SessionLimits, accountId: number, now: number, budget: Budget) {
  let ended = 0;
  while (budget.take()) {
    const count = await limits.endExcess(accountId, now);
    ended += count;
    if (count < ENDED_PER_CALL) return { ended, behind: false };
  }
  return { ended, behind: true };
}
