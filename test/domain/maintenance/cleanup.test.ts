// A clean-up removes each kind after its own time, a bounded number of rows a run.
import { describe, expect, it } from 'vitest';
import {
  type Cleanup,
  type CleanupKind,
  cleanUp,
  ROWS_PER_STATEMENT,
} from '../../../src/domain/maintenance/cleanup.ts';
import { dayOf } from '../../../src/domain/maintenance/statistics.ts';
import { DAY_MS, HOUR_MS, NOW } from '../../support/domain/contexts.ts';

/** Holds so many rows of each kind, and knows what it was asked for. */
function holding(rows: Partial<Record<CleanupKind, number>> = {}) {
  const left = new Map(Object.entries(rows));
  const asked: [CleanupKind, number][] = [];
  const cleanup: Cleanup = {
    async remove(kind, before) {
      asked.push([kind, before]);
      const removed = Math.min(left.get(kind) ?? 0, ROWS_PER_STATEMENT);
      left.set(kind, (left.get(kind) ?? 0) - removed);
      return removed;
    },
  };
  return { cleanup, asked };
}

describe('a clean-up', () => {
  it('asks for each kind what ended longer ago than it is kept', async () => {
    const { cleanup, asked } = holding();
    await cleanUp(cleanup, NOW);
    expect(asked).toEqual([
      ['auditEvents', NOW - 90 * DAY_MS],
      ['endedSessions', NOW - 7 * DAY_MS],
      ['passwordGuesses', NOW - DAY_MS],
      ['loginFailures', NOW - DAY_MS],
      ['idempotencyKeys', NOW - DAY_MS],
    ]);
  });

  it.each([
    [0, 0, false, 1],
    [499, 499, false, 1],
    [500, 500, false, 2],
    [4999, 4999, false, 10],
    [5000, 5000, true, 10],
    [9000, 5000, true, 10],
  ])('of %i rows removes %i (unfinished: %s) in %i statements', async (rows, removed, unfinished, statements) => {
    const { cleanup, asked } = holding({ endedSessions: rows });
    const results = await cleanUp(cleanup, NOW);
    expect(results.endedSessions).toEqual({ removed, unfinished });
    expect(results.auditEvents).toEqual({ removed: 0, unfinished: false });
    expect(asked.filter(([kind]) => kind === 'endedSessions')).toHaveLength(statements);
  });

  it('goes on with the other kinds where one has too many', async () => {
    const { cleanup } = holding({ auditEvents: 9000, idempotencyKeys: 3 });
    expect(await cleanUp(cleanup, NOW)).toMatchObject({
      auditEvents: { unfinished: true },
      idempotencyKeys: { removed: 3, unfinished: false },
    });
  });
});

it('a day starts at midnight in UTC', () => {
  const midnight = Date.UTC(2026, 10, 20);
  for (const time of [midnight, midnight + 1, midnight + 21 * HOUR_MS, midnight + DAY_MS - 1])
    expect(dayOf(time)).toBe(midnight);
  expect(dayOf(midnight + DAY_MS)).toBe(midnight + DAY_MS);
});
