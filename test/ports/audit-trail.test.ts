// The contract of AuditTrail: events newest first, page by page, of an account and of an action.
import { beforeEach, describe, expect, it } from 'vitest';
import type { AuditFilter } from '../../src/domain/audit/trail.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, openSession, proofFor } from '../support/domain/accounts.ts';
import { acting, CLIENT, NOW, nobody } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('the audit trail %s', (_, fresh) => {
  let adapters: Adapters;
  beforeEach(async () => {
    adapters = await fresh();
  });

  /** The events of a list, read in pages of two. */
  async function listed(filter: AuditFilter) {
    const events = [];
    let after: string | undefined;
    do {
      const { items, next } = await adapters.auditTrail.page(filter, after, 2);
      expect(items.length).toBeLessThanOrEqual(2);
      events.push(...items);
      after = next;
    } while (after !== undefined);
    return events;
  }

  it('is empty where nothing happened', async () => {
    expect(await adapters.auditTrail.page({}, undefined, 2)).toEqual({ items: [], next: undefined });
  });

  it('has events newest first, of an account and of an action', async () => {
    const [ann, bob] = [await newAccount(adapters), await newAccount(adapters)];
    await openSession(adapters, ann);
    await openSession(adapters, bob);
    await openSession(adapters, ann);
    const of = async (filter: AuditFilter) =>
      (await listed(filter)).map(({ action, accountId }) => `${action} ${accountId === ann.id ? 'ann' : 'bob'}`);
    expect(await of({})).toEqual([
      'login.succeeded ann',
      'login.succeeded bob',
      'login.succeeded ann',
      'account.registered bob',
      'account.registered ann',
    ]);
    expect(await of({ accountId: bob.id })).toEqual(['login.succeeded bob', 'account.registered bob']);
    expect(await of({ action: 'account.registered' })).toEqual(['account.registered bob', 'account.registered ann']);
    expect(await of({ accountId: ann.id, action: 'login.succeeded' })).toEqual(Array(2).fill('login.succeeded ann'));
    expect(await of({ accountId: ann.id, action: 'setting.changed' })).toEqual([]);
  });

  it('goes on after a position, whatever came since', async () => {
    const ann = await newAccount(adapters);
    await openSession(adapters, ann);
    const first = await adapters.auditTrail.page({}, undefined, 1);
    await openSession(adapters, ann);
    const second = await adapters.auditTrail.page({}, first.next, 1);
    expect([...first.items, ...second.items].map(({ action }) => action)).toEqual([
      'login.succeeded',
      'account.registered',
    ]);
    expect(second.next).toBeUndefined();
  });

  it('keeps an event as it was, and longer than its account', async () => {
    const ann = await newAccount(adapters);
    const unknown = nobody(NOW + 1, { ip: null, userAgent: null });
    await adapters.signIns.recordRefusal(proofFor(ann), 'account_disabled', undefined, unknown);
    await adapters.accounts.remove(ann.id, acting(ann.id, { now: NOW + 2 }));
    const event = { accountId: ann.id, detail: {} };
    expect((await listed({ accountId: ann.id })).map(({ id: __, ...fields }) => fields)).toEqual([
      { ...event, ...CLIENT, at: NOW + 2, action: 'account.deleted', actorId: ann.id },
      {
        ...event,
        at: NOW + 1,
        action: 'login.refused',
        actorId: null,
        ip: null,
        userAgent: null,
        detail: { reason: 'account_disabled' },
      },
      { ...event, ...CLIENT, at: NOW, action: 'account.registered', actorId: ann.id },
    ]);
  });
});
