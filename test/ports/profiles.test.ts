// The contract of Profiles: the statement that reads or writes a profile checks the right to it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, NOW } from '../support/domain/contexts.ts';
import { NO_MAILS } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('profiles %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
    ann = await newAccount(adapters, { username: 'Ann', email: 'ann@example.com', data: { a: 1, b: { c: 2 } } });
  });

  const demote = async (account: Account) => {
    await newAdmin(adapters);
    await adapters.administration.change(account.id, { role: 'user' }, administering(account.id));
  };
  const replaced = (data: Account['data'], fields: Partial<Account> = {}) => ({
    ...ann,
    data,
    updatedAt: NOW + 1,
    ...fields,
  });
  const unchanged = async () => {
    expect(await adapters.administration.find(ann.id)).toEqual(ann);
    expect(await actionsOf(adapters, ann.id)).not.toContain('account.updated');
  };

  describe('are found', () => {
    it('by their own account while its authority holds', async () => {
      const { id: sessionId } = await openSession(adapters, ann);
      const audit = acting(ann.id, { sessionId });
      expect(await adapters.profiles.find('own', audit)).toEqual(ann);
      await adapters.sessions.end({ accountId: ann.id, sessionId }, audit);
      expect(await adapters.profiles.find('own', audit)).toBeUndefined();
    });

    it('by their username in any case, while the admin’s authority holds', async () => {
      const find = (username: string) => adapters.profiles.find({ username }, administering(boss.id));
      expect(await find('aNN')).toEqual(ann);
      expect(await find('nobody')).toBeUndefined();
      expect(await find('ann@example.com')).toBeUndefined();
      await demote(boss);
      expect(await find('Ann')).toBeUndefined();
    });
  });

  describe('are replaced', () => {
    it('by their own account, and an email that is not given stays', async () => {
      const change = { email: undefined, data: { z: [1, null] } };
      const audit = acting(ann.id, { now: NOW + 1 });
      expect(await adapters.profiles.replace('own', change, NO_MAILS, 'any', audit)).toEqual(
        replaced({ z: [1, null] }),
      );
      expect(await adapters.administration.find(ann.id)).toEqual(replaced({ z: [1, null] }));
      expect(await lastEvent(adapters, { action: 'account.updated' })).toMatchObject({
        accountId: ann.id,
        actorId: ann.id,
      });
    });

    it('by an admin, whose event it is', async () => {
      const audit = administering(boss.id, { now: NOW + 1 });
      const change = { email: 'new@example.com', data: {} };
      const expected = replaced({}, { email: 'new@example.com' });
      expect(await adapters.profiles.replace({ username: 'ANN' }, change, NO_MAILS, 'any', audit)).toEqual(expected);
      expect(await lastEvent(adapters, { action: 'account.updated' })).toMatchObject({
        accountId: ann.id,
        actorId: boss.id,
      });
    });

    it('with no email by null, but never without any name', async () => {
      const change = { email: null, data: {} };
      const cleared = await adapters.profiles.replace('own', change, NO_MAILS, 'any', acting(ann.id));
      expect(cleared).toMatchObject({ email: null, username: 'Ann' });
      const nameless = await newAccount(adapters, { username: null });
      expect(await adapters.profiles.replace('own', change, NO_MAILS, 'any', acting(nameless.id))).toBeUndefined();
      expect(await adapters.administration.find(nameless.id)).toEqual(nameless);
    });

    it('with no email that another account has', async () => {
      const change = { email: boss.email?.toUpperCase(), data: {} };
      expect(await adapters.profiles.replace('own', change, NO_MAILS, 'any', acting(ann.id))).toMatchObject({
        refused: 'email_taken',
      });
      await unchanged();
    });

    it('from the data that is expected alone', async () => {
      const replace = (expected: Account['data']) =>
        adapters.profiles.replace(
          'own',
          { email: undefined, data: {} },
          NO_MAILS,
          expected,
          acting(ann.id, { now: NOW + 1 }),
        );
      expect(await replace({ a: 1, b: { c: 3 } })).toBeUndefined();
      expect(await replace({})).toBeUndefined();
      await unchanged();
      expect(await replace({ a: 1, b: { c: 2 } })).toEqual(replaced({}));
    });

    it('by one of many who expect the same data', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (__, index) =>
          adapters.profiles.replace('own', { email: undefined, data: { index } }, NO_MAILS, ann.data, acting(ann.id)),
        ),
      );
      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
    });

    it('by no authority that has ended', async () => {
      const change = { email: undefined, data: {} };
      const { id: sessionId } = await openSession(adapters, ann);
      await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
      expect(
        await adapters.profiles.replace('own', change, NO_MAILS, 'any', acting(ann.id, { sessionId })),
      ).toBeUndefined();
      await demote(boss);
      const audit = administering(boss.id);
      expect(await adapters.profiles.replace({ username: 'Ann' }, change, NO_MAILS, 'any', audit)).toBeUndefined();
      await unchanged();
    });
  });
});
