// Jobs work while their budget lasts, tell whether they are behind, and no large account delays the others.
import { describe, expect, it } from 'vitest';
import { budgetOf, callsOnly } from '../../../src/domain/maintenance/budget.ts';
import { ROWS_PER_STATEMENT } from '../../../src/domain/maintenance/cleanup.ts';
import { type Purging, purgeAccounts, purgeInPassing } from '../../../src/domain/maintenance/purging.ts';
import { type Reindexing, reindex } from '../../../src/domain/maintenance/reindexing.ts';
import { markEndedSessions, type SessionEndings } from '../../../src/domain/maintenance/session-endings.ts';
import { ENDED_PER_CALL, limitSessions, type SessionLimits } from '../../../src/domain/maintenance/session-limits.ts';
import { purgeDeletedClients } from '../../../src/domain/oauth/purge.ts';
import { endEverybody } from '../../../src/domain/sessions/everybody.ts';
import { newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { administering, NOW } from '../../support/domain/contexts.ts';
import { domainPorts } from '../../support/domain/ports.ts';

describe('a budget', () => {
  it('ends with its calls or its time', () => {
    let now = NOW;
    const budget = budgetOf(() => now, 10, 3);
    expect([budget.take(), budget.take()]).toEqual([true, true]);
    now += 10;
    expect(budget.take()).toBe(false);
    const calls = callsOnly(2);
    expect([calls.take(), calls.take(), calls.take()]).toEqual([true, true, false]);
  });

  it('that is part of another one ends with it', () => {
    const whole = callsOnly(1);
    const part = callsOnly(5, whole);
    expect([part.take(), part.take()]).toEqual([true, false]);
  });
});

describe('purging', () => {
  /** Deleted accounts, each with a number of rounds of rows, and the order in which they were worked on. */
  function holding(...rounds: readonly number[]) {
    const left = new Map(rounds.map((count, index) => [index + 1, count]));
    const order: number[] = [];
    const purging: Purging = {
      due: async (limit) => [...left.keys()].slice(0, limit),
      async round(accountId) {
        order.push(accountId);
        const after = (left.get(accountId) ?? 1) - 1;
        if (after > 0) left.set(accountId, after);
        else left.delete(accountId);
        return after > 0 ? 'more' : 'gone';
      },
    };
    return { purging, order };
  }

  it('takes large accounts in turn with small ones, until nothing is left', async () => {
    const { purging, order } = holding(6, 1);
    expect(await purgeAccounts(purging, NOW, callsOnly(50))).toEqual({ purged: 2, rounds: 7, behind: false });
    expect(order).toEqual([1, 1, 1, 1, 2, 1, 1]);
  });

  it('is behind where its budget ends', async () => {
    expect(await purgeAccounts(holding(9).purging, NOW, callsOnly(4))).toMatchObject({ purged: 0, behind: true });
  });

  it('does the first rounds after the request that deletes', async () => {
    const { purging, order } = holding(30);
    await purgeInPassing(purging, 1, NOW);
    expect(order).toHaveLength(20);
  });
});

describe('reindexing', () => {
  /** Entities with a number of old rows each. */
  function holding(...rows: readonly number[]) {
    const left = new Map(rows.map((count, index) => [index + 1, count]));
    const indexed: number[] = [];
    const reindexing: Reindexing = {
      next: async () => left.keys().next().value,
      async removeRows(entityId) {
        const removed = Math.min(ROWS_PER_STATEMENT, left.get(entityId) ?? 0);
        left.set(entityId, (left.get(entityId) ?? 0) - removed);
        return removed;
      },
      async index(entityId) {
        if (left.get(entityId) === 0) indexed.push(entityId);
        left.delete(entityId);
      },
    };
    return { reindexing, indexed };
  }

  it('indexes each entity once all of its old rows are removed', async () => {
    const { reindexing, indexed } = holding(3, 2 * ROWS_PER_STATEMENT, 0);
    expect(await reindex(reindexing, callsOnly(50))).toEqual({ reindexed: 3, behind: false });
    expect(indexed).toEqual([1, 2, 3]);
  });

  it('indexes none whose rows it had no budget to remove', async () => {
    const { reindexing, indexed } = holding(2 * ROWS_PER_STATEMENT);
    expect(await reindex(reindexing, callsOnly(3))).toEqual({ reindexed: 0, behind: true });
    expect(indexed).toEqual([]);
  });
});

it('endings are marked until none is left, or the budget ends', async () => {
  const holding = (calls: number): SessionEndings => {
    let left = calls;
    return {
      next: async () => (left > 0 ? 1 : undefined),
      async mark() {
        left -= 1;
        return 800;
      },
    };
  };
  expect(await markEndedSessions(holding(3), callsOnly(9))).toEqual({ marked: 2400, behind: false });
  expect(await markEndedSessions(holding(3), callsOnly(2))).toEqual({ marked: 1600, behind: true });
});

describe('limits of sessions', () => {
  /** Windows of crowded accounts, each with a number of sessions beyond the limit. */
  function holding(...windows: readonly (readonly number[])[]) {
    const excess = new Map(windows.flat().map((count, index) => [index + 1, count]));
    let [position, accountId] = [0, 0];
    const limits: SessionLimits = {
      async findCrowded() {
        let next = accountId;
        const accountIds = (windows[position] ?? []).map(() => {
          next += 1;
          return next;
        });
        return { accountIds, upTo: position + 1, isLast: position === windows.length - 1 };
      },
      async endExcess(id) {
        const ended = Math.min(ENDED_PER_CALL, excess.get(id) ?? 0);
        excess.set(id, (excess.get(id) ?? 0) - ended);
        return ended;
      },
      async moveTo(upTo) {
        accountId += windows[position]?.length ?? 0;
        position = upTo;
      },
    };
    return { limits, positionNow: () => position };
  }

  it('end the excess, window by window', async () => {
    const { limits } = holding([3, 2 * ENDED_PER_CALL], [], [1]);
    const report = await limitSessions(limits, NOW, callsOnly(50));
    expect(report).toEqual({ accounts: 3, ended: 2 * ENDED_PER_CALL + 4, behind: false });
  });

  it('stay at a window whose accounts are not done when the budget ends', async () => {
    const { limits, positionNow } = holding([3, 2 * ENDED_PER_CALL], [1]);
    expect(await limitSessions(limits, NOW, callsOnly(3))).toMatchObject({ accounts: 2, behind: true });
    expect(positionNow()).toBe(0);
  });
});

it('deleted clients are purged until a round removes nothing', async () => {
  const rounds =
    (...removed: number[]) =>
    async () => ({ removed: removed.shift() ?? 0 });
  expect(await purgeDeletedClients(rounds(100, 7), callsOnly(9))).toEqual({ removed: 107 });
  expect(await purgeDeletedClients(rounds(100, 100, 100), callsOnly(2))).toEqual({ removed: 200 });
  expect(await purgeDeletedClients(rounds(), callsOnly(9))).toBeUndefined();
});

describe('ending everybody', () => {
  it('ends the sessions of all accounts, and tells their number', async () => {
    const ports = await domainPorts();
    const boss = await newAdmin(ports);
    const { id: sessionId } = await openSession(ports, boss);
    for (let made = 0; made < 3; made += 1) await openSession(ports, await newAccount(ports));
    const audit = administering(boss.id, { sessionId });
    expect(await endEverybody(ports.massEndings, audit)).toEqual({ accounts: 3, isDone: true });
    expect(await endEverybody(ports.massEndings, audit)).toEqual({ accounts: 0, isDone: true });
    const ann = administering((await newAccount(ports)).id);
    expect(await endEverybody(ports.massEndings, ann)).toMatchObject({ refused: 'forbidden' });
  });

  it('is not done where each of its calls ended as many as it may', async () => {
    const asked: number[] = [];
    const massEndings = {
      async endBehind(after: number, limit: number) {
        asked.push(after);
        return Array.from({ length: limit }, (_, index) => after + index + 1);
      },
    };
    expect(await endEverybody(massEndings, administering(1))).toEqual({ accounts: 900, isDone: false });
    expect(asked).toEqual([0, 300, 600]);
  });
});
