// The contract of MassEndings: everybody's sessions end, some accounts at a time, except the acting one.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { callsOnly } from '../../src/domain/maintenance/budget.ts';
import { markEndedSessions } from '../../src/domain/maintenance/session-endings.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, DAY_MS, NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('endings of everybody’s sessions %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  let sessionId: string;
  let others: readonly Account[];
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
    sessionId = (await openSession(adapters, boss)).id;
    others = [await newAccount(adapters), await newAccount(adapters), await newAccount(adapters)];
    for (const other of others) await openSession(adapters, other);
  });

  const asBoss = () => administering(boss.id, { sessionId });
  const end = (after = 0, limit = 9, audit = asBoss()) => adapters.massEndings.endBehind(after, limit, audit);
  const live = async ({ id }: Account) => (await adapters.sessions.list(id, NOW)).length;

  it('end all but the session that acts, with one event', async () => {
    const [ann] = others;
    if (ann) await openSession(adapters, ann);
    await openSession(adapters, boss);
    expect(await end()).toEqual([boss, ...others].map(({ id }) => id));
    expect(await Promise.all([boss, ...others].map(live))).toEqual([1, 0, 0, 0]);
    const detail = { reason: 'by_admin', accounts: 4 };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'session.revoked', accountId: null, detail });
  });

  it('end those of some accounts, in the order of their ids', async () => {
    const ids = others.map(({ id }) => id);
    expect(await end(0, 2)).toEqual(ids.slice(0, 2));
    expect(await Promise.all(others.map(live))).toEqual([0, 0, 1]);
    expect(await end(ids[1], 2)).toEqual(ids.slice(2));
    expect(await end(ids[2], 2)).toEqual([]);
    expect(await lastEvent(adapters, {})).toMatchObject({ detail: { accounts: 1 } });
  });

  it('end no session that is opened afterwards, and those of a second ending', async () => {
    const [ann] = others;
    if (!ann) throw new Error('nobody');
    await end();
    const { id } = await openSession(adapters, ann);
    expect(await live(ann)).toBe(1);
    expect(await end()).toEqual([ann.id]);
    expect(await adapters.sessions.findLive(id, NOW)).toBeUndefined();
  });

  it('do nothing by an authority that has ended, or is no admin’s', async () => {
    const [ann] = others;
    expect(await end(0, 9, administering(ann?.id ?? 0))).toMatchObject({ refused: 'forbidden' });
    expect(await end(0, 9, acting(boss.id, { sessionId: 'none' }))).toMatchObject({ refused: 'token_revoked' });
    expect(await Promise.all(others.map(live))).toEqual([1, 1, 1]);
  });

  it('are marked one by one afterwards, until none is left', async () => {
    await end();
    await markEndedSessions(adapters.sessionEndings, callsOnly(50));
    expect(await adapters.sessionEndings.next()).toBeUndefined();
    for (const { id } of others) {
      const { items } = await adapters.ownData.sessions(id, undefined);
      expect(items).toMatchObject([{ revokedAt: NOW }]);
    }
  });

  it('of more sessions of one account than are ended one by one have one event', async () => {
    const [ann] = others;
    if (!ann) throw new Error('nobody');
    await adapters.addSessions(ann.id, 150, NOW + DAY_MS);
    await adapters.sessions.revokeAll(ann.id, null, 'by_owner', acting(ann.id));
    expect(await live(ann)).toBe(0);
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'session.revoked', detail: { count: 151 } });
  });
});
