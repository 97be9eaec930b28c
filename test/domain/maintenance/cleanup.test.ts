// A clean-up removes each kind after its own time, a bounded number of rows a run.
import { describe, expect, it } from 'vitest';
import { callsOnly } from '../../../src/domain/maintenance/budget.ts';
import {
  type Cleanup,
  type CleanupKind,
  cleanUp,
  RETENTION_MS,
  ROWS_PER_STATEMENT,
} from '../../../src/domain/maintenance/cleanup.ts';
import { dayOf } from '../../../src/domain/maintenance/statistics.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, NOW } from '../../support/domain/contexts.ts';

/** Holds a number of rows of each kind, and records the calls. */
function holding(rows: Partial<Record<CleanupKind, number>> = {}) {
  const left = new Map(Object.entries(rows));
  const asked: [CleanupKind, number][] = [];
  const cleanup: Cleanup = {
    async remove(kind, before) {
      asked.push([kind, before]);
      const held = left.get(kind) ?? 0;
      const removed = Math.min(held, ROWS_PER_STATEMENT);
      left.set(kind, held - removed);
      return { removed, more: held > removed };
    },
  };
  return { cleanup, asked };
}

const KINDS = Object.keys(RETENTION_MS).length;
const plenty = () => callsOnly(1000);

describe('a clean-up', () => {
  it('removes of each kind the rows that ended longer ago than its retention', async () => {
    const { cleanup, asked } = holding();
    await cleanUp(cleanup, NOW, plenty());
    expect(asked).toEqual([
      ['auditEvents', NOW - 90 * DAY_MS],
      ['endedSessions', NOW - 7 * DAY_MS],
      ['passwordGuesses', NOW - DAY_MS],
      ['knownNetworks', NOW - 30 * DAY_MS],
      ['loginFailures', NOW - DAY_MS],
      ['idempotencyKeys', NOW - DAY_MS],
      ['oneTimeTokens', NOW - DAY_MS - HOUR_MS],
      ['mailsGivenUp', NOW - 7 * DAY_MS],
      ['usedChallenges', NOW],
      ['pendingTotp', NOW - 10 * MINUTE_MS],
      ['authorizationCodes', NOW - 7 * DAY_MS],
      ['importedTokens', NOW],
      ['unfinishedGames', NOW - HOUR_MS],
      ['gamesOfFormerOwners', NOW],
    ]);
  });

  it.each([
    [0, 1],
    [499, 1],
    [500, 1],
    [501, 2],
    [5000, 10],
  ])('of %i rows takes %i statements, and is not behind', async (rows, statements) => {
    const { cleanup, asked } = holding({ endedSessions: rows });
    expect(await cleanUp(cleanup, NOW, plenty())).toMatchObject({ endedSessions: rows, removed: rows, behind: false });
    expect(asked.filter(([kind]) => kind === 'endedSessions')).toHaveLength(statements);
  });

  it('takes the kinds in turn, and is behind where its budget ends', async () => {
    const { cleanup, asked } = holding({ auditEvents: 9000, gamesOfFormerOwners: 3 });
    const report = await cleanUp(cleanup, NOW, callsOnly(KINDS + 2));
    expect(report).toMatchObject({ auditEvents: 1500, gamesOfFormerOwners: 3, removed: 1503, behind: true });
    expect(asked.slice(KINDS - 1).map(([kind]) => kind)).toEqual(['gamesOfFormerOwners', 'auditEvents', 'auditEvents']);
  });
});

it('a day starts at midnight in UTC', () => {
  const midnight = Date.UTC(2026, 10, 20);
  for (const time of [midnight, midnight + 1, midnight + 21 * HOUR_MS, midnight + DAY_MS - 1])
    expect(dayOf(time)).toBe(midnight);
  expect(dayOf(midnight + DAY_MS)).toBe(midnight + DAY_MS);
});
