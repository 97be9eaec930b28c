// The contract of SessionLimits: accounts with too many live sessions are found, and lose those used longest ago.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { callsOnly } from '../../src/domain/maintenance/budget.ts';
import { ENDED_PER_CALL, limitSessions, MAX_LIVE_SESSIONS } from '../../src/domain/maintenance/session-limits.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, openSession } from '../support/domain/accounts.ts';
import { DAY_MS, NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('limits of sessions %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  const live = async () => (await adapters.sessions.list(ann.id, NOW)).map(({ id }) => id);

  it('find nobody where there are no sessions, or no more than the limit', async () => {
    expect(await adapters.sessionLimits.findCrowded(NOW)).toMatchObject({ accountIds: [], isLast: true });
    await adapters.addSessions(ann.id, MAX_LIVE_SESSIONS, NOW + 1);
    expect(await adapters.sessionLimits.findCrowded(NOW)).toMatchObject({ accountIds: [], isLast: true });
  });

  it('find accounts with more, of those that have not ended', async () => {
    await adapters.addSessions(ann.id, MAX_LIVE_SESSIONS, NOW + 1);
    await openSession(adapters, ann);
    expect(await adapters.sessionLimits.findCrowded(NOW)).toMatchObject({ accountIds: [ann.id], isLast: true });
    expect(await adapters.sessionLimits.findCrowded(NOW + 1)).toMatchObject({ accountIds: [] });
  });

  it('end the excess, the sessions first that were used longest ago', async () => {
    const used = await openSession(adapters, ann);
    await adapters.addSessions(ann.id, MAX_LIVE_SESSIONS + 3, NOW + DAY_MS);
    expect(await adapters.sessionLimits.endExcess(ann.id, NOW)).toBe(4);
    expect(await adapters.sessionLimits.endExcess(ann.id, NOW)).toBe(0);
    expect(await live()).toHaveLength(MAX_LIVE_SESSIONS);
    expect(await live()).toContain(used.id);
    const event = { action: 'session.revoked', actorId: null, detail: { reason: 'too_many_sessions' } };
    expect(await lastEvent(adapters, {})).toMatchObject(event);
  });

  it('end a bounded number a call', async () => {
    await adapters.addSessions(ann.id, MAX_LIVE_SESSIONS + ENDED_PER_CALL + 1, NOW + DAY_MS);
    expect(await adapters.sessionLimits.endExcess(ann.id, NOW)).toBe(ENDED_PER_CALL);
    expect(await adapters.sessionLimits.endExcess(ann.id, NOW)).toBe(1);
  });

  it('hold after a run of the job', async () => {
    await adapters.addSessions(ann.id, MAX_LIVE_SESSIONS + 7, NOW + DAY_MS);
    const report = await limitSessions(adapters.sessionLimits, NOW, callsOnly(50));
    expect(report).toEqual({ accounts: 1, ended: 7, behind: false });
    expect(await limitSessions(adapters.sessionLimits, NOW, callsOnly(50))).toMatchObject({ ended: 0 });
  });
});
