// The contract of Statistics: the current counts, and the sign-ins of the last days.
import { beforeEach, describe, expect, it } from 'vitest';
import { CHART_DAYS, dayOf } from '../../src/domain/maintenance/statistics.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { administering, DAY_MS, NOW } from '../support/domain/contexts.ts';
import { newThing } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const FIRST_DAY = dayOf(NOW) - (CHART_DAYS - 1) * DAY_MS;

describe.each(ADAPTERS)('statistics %s', (_, fresh) => {
  let adapters: Adapters;
  beforeEach(async () => {
    adapters = await fresh();
  });

  it('are zero where there is nothing', async () => {
    const { counts, days, completeSince } = await adapters.statistics.current(NOW);
    expect(counts).toEqual({ accounts: 0, admins: 0, liveSessions: 0, hasUnseenSessions: false, entities: 0 });
    expect(days.map(({ day }) => day)).toEqual(Array.from({ length: CHART_DAYS }, (__, n) => FIRST_DAY + n * DAY_MS));
    expect([days.filter(({ signIns }) => signIns > 0), completeSince]).toEqual([[], FIRST_DAY]);
  });

  it('count accounts, active admins, live sessions and entities', async () => {
    const [boss, other, ann] = [await newAdmin(adapters), await newAdmin(adapters), await newAccount(adapters)];
    await adapters.administration.change(other.id, { active: false }, administering(boss.id));
    await openSession(adapters, ann);
    await openSession(adapters, ann, { expiresAt: NOW });
    await newThing(adapters, ann.id);
    await newThing(adapters, ann.id, { visibility: 'private' });
    const { counts } = await adapters.statistics.current(NOW);
    expect(counts).toEqual({ accounts: 3, admins: 1, liveSessions: 1, hasUnseenSessions: false, entities: 2 });
  });

  it('count the sign-ins of each day, of none before the first', async () => {
    const ann = await newAccount(adapters);
    for (const at of [FIRST_DAY - 1, FIRST_DAY, NOW - DAY_MS, NOW, NOW]) await openSession(adapters, ann, {}, at);
    const { days } = await adapters.statistics.current(NOW);
    expect(days.filter(({ signIns }) => signIns > 0)).toEqual([
      { day: FIRST_DAY, signIns: 1 },
      { day: dayOf(NOW) - DAY_MS, signIns: 1 },
      { day: dayOf(NOW), signIns: 2 },
    ]);
  });
});
