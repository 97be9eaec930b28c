// The contract of Accounts: the authority, the last name and the last admin decide in the write itself.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { newMail } from '../../src/domain/mail/mail.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, DAY_MS, NOW, SECOND_MS } from '../support/domain/contexts.ts';
import { newThing, readerOf } from '../support/domain/entities.ts';
import { changeMails, NO_MAILS, newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('accounts %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
    ann = await newAccount(adapters);
  });

  const deactivate = (account: Account) =>
    adapters.administration.change(account.id, { active: false }, administering(boss.id));

  describe('are found', () => {
    it('by id while they are active', async () => {
      expect(await adapters.accounts.findActive(ann.id)).toEqual(ann);
      await deactivate(ann);
      expect(await adapters.accounts.findActive(ann.id)).toBeUndefined();
      expect(await adapters.accounts.findActive(ann.id + 1000)).toBeUndefined();
    });

    it('by an authority that holds: an active account, its live session, its role', async () => {
      const { accounts } = adapters;
      const { id: sessionId } = await openSession(adapters, ann);
      const authority = { accountId: ann.id, sessionId, role: null };
      expect(await accounts.findAuthorized({ ...authority, sessionId: null }, NOW)).toEqual(ann);
      expect(await accounts.findAuthorized(authority, NOW)).toEqual(ann);
      expect(await accounts.findAuthorized({ ...authority, proven: { since: NOW } }, NOW)).toEqual(ann);
      expect(await accounts.findAuthorized({ accountId: boss.id, sessionId: null, role: 'admin' }, NOW)).toMatchObject({
        id: boss.id,
        role: 'admin',
      });
    });

    it('by no authority that has ended', async () => {
      const { accounts, sessions } = adapters;
      const [live, ended, expiring, anothers] = [
        await openSession(adapters, ann),
        await openSession(adapters, ann),
        await openSession(adapters, ann, { expiresAt: NOW + SECOND_MS }),
        await openSession(adapters, boss),
      ];
      await sessions.end({ accountId: ann.id, sessionId: ended.id }, acting(ann.id));
      const found = (sessionId: string | null, role: 'admin' | null = null, now = NOW) =>
        accounts.findAuthorized({ accountId: ann.id, sessionId, role }, now);
      expect(await found(expiring.id, null, NOW + SECOND_MS - 1)).toEqual(ann);
      expect(await found(expiring.id, null, NOW + SECOND_MS)).toBeUndefined();
      expect(await found(ended.id)).toBeUndefined();
      expect(await found(anothers.id)).toBeUndefined();
      expect(await found(crypto.randomUUID())).toBeUndefined();
      expect(await found(live.id, 'admin')).toBeUndefined();
      for (const proven of [{ since: NOW + 1 }, { factors: 2 }] as const)
        expect(
          await accounts.findAuthorized({ accountId: ann.id, sessionId: live.id, role: null, proven }, NOW),
        ).toBeUndefined();
      expect(await found(null, 'admin')).toBeUndefined();
      await deactivate(ann);
      expect(await found(null)).toBeUndefined();
    });
  });

  describe('are renamed', () => {
    it('in the given names alone, with an event', async () => {
      const audit = acting(ann.id, { now: NOW + 1 });
      const renamed = { ...ann, username: 'Ann', updatedAt: NOW + 1 };
      expect(await adapters.accounts.rename({ username: 'Ann', email: undefined }, NO_MAILS, audit)).toEqual(renamed);
      expect(await adapters.accounts.findActive(ann.id)).toEqual(renamed);
      const action = 'account.updated';
      const detail = { fields: ['username'] };
      const event = { ...CLIENT, at: NOW + 1, action, actorId: ann.id, accountId: ann.id, detail };
      expect(await lastEvent(adapters, { action })).toEqual(event);
    });

    it('by null to no name, but never without any', async () => {
      const rename = (change: Parameters<typeof adapters.accounts.rename>[0]) =>
        adapters.accounts.rename(change, NO_MAILS, acting(ann.id));
      expect(await rename({ username: null, email: null })).toBeUndefined();
      expect(await rename({ username: null })).toMatchObject({ username: null, email: ann.email });
      expect(await rename({ email: null })).toBeUndefined();
      expect(await rename({ username: 'Ann', email: null })).toMatchObject({ username: 'Ann', email: null });
      expect(await rename({ username: null })).toBeUndefined();
      expect((await actionsOf(adapters, ann.id)).filter((action) => action.startsWith('account.'))).toEqual([
        'account.registered',
        'account.updated',
        'account.updated',
      ]);
    });

    it('to no name of another account, in any case', async () => {
      await newAccount(adapters, { username: 'Straße', email: 'Bob@example.com' });
      const rename = (change: Parameters<typeof adapters.accounts.rename>[0]) =>
        adapters.accounts.rename(change, NO_MAILS, acting(ann.id));
      expect(await rename({ username: 'STRASSE' })).toMatchObject({ refused: 'username_taken' });
      expect(await rename({ username: 'Ann', email: 'bOB@EXAMPLE.com' })).toMatchObject({ refused: 'email_taken' });
      expect(await adapters.accounts.findActive(ann.id)).toEqual(ann);
      expect(await actionsOf(adapters, ann.id)).toEqual(['account.registered']);
    });

    it('to their own name in another case', async () => {
      const username = ann.username?.toUpperCase();
      expect(await adapters.accounts.rename({ username }, NO_MAILS, acting(ann.id))).toMatchObject({ username });
    });

    it('to one name by one of two at once', async () => {
      const bob = await newAccount(adapters);
      const outcomes = await Promise.all(
        [ann, bob].map(({ id }) => adapters.accounts.rename({ username: 'the same' }, NO_MAILS, acting(id))),
      );
      expect(outcomes).toContainEqual(expect.objectContaining({ refused: 'username_taken' }));
      expect(outcomes).toContainEqual(expect.objectContaining({ username: 'the same' }));
    });

    it('by no authority that has ended', async () => {
      const session = await openSession(adapters, ann);
      await adapters.sessions.end({ accountId: ann.id, sessionId: session.id }, acting(ann.id));
      const audit = acting(ann.id, { sessionId: session.id });
      expect(await adapters.accounts.rename({ username: 'Ann' }, NO_MAILS, audit)).toBeUndefined();
      await deactivate(ann);
      expect(await adapters.accounts.rename({ username: 'Ann' }, NO_MAILS, acting(ann.id))).toBeUndefined();
      expect(await adapters.administration.find(ann.id)).toMatchObject({ username: ann.username });
      expect(await actionsOf(adapters, ann.id)).not.toContain('account.updated');
    });
  });

  describe('change their email', () => {
    const change = (email: string | null, now = NOW) =>
      adapters.accounts.rename({ email }, changeMails(email, now), acting(ann.id, { now }));

    it('to one that is not verified, with a mail to it, and a notice to the old one if it was verified', async () => {
      expect(await change('one@example.com')).toMatchObject({ email: 'one@example.com', emailVerified: false });
      expect(await adapters.queuedMails(ann.id)).toEqual([['email_verification', 'one@example.com']]);
      await adapters.verifyEmail(ann.id);
      expect(await change(null)).toMatchObject({ email: null, emailVerified: false });
      expect((await adapters.queuedMails(ann.id)).slice(1)).toEqual([['email_changed', 'one@example.com']]);
      const events = (await actionsOf(adapters, ann.id)).slice(1);
      expect(events).toEqual(['account.updated', 'email.changed', 'account.updated', 'email.changed']);
    });

    it('not by another case, which stays verified', async () => {
      await adapters.verifyEmail(ann.id);
      const email = ann.email?.toUpperCase() ?? '';
      expect(await change(email)).toMatchObject({ email, emailVerified: true });
      expect(await adapters.queuedMails(ann.id)).toEqual([]);
      expect((await actionsOf(adapters, ann.id)).slice(1)).toEqual(['account.updated']);
      await change(email);
      expect((await actionsOf(adapters, ann.id)).slice(1)).toEqual(['account.updated']);
    });

    it('ten times a day', async () => {
      for (let made = 0; made < 10; made += 1)
        expect(await change(`${made}@example.com`, NOW + made)).toHaveProperty('id');
      expect(await change('once@example.com', NOW + DAY_MS - 1001)).toMatchObject({
        refused: 'too_many_requests',
        retryAfterSeconds: 2,
      });
      expect(await adapters.queuedMails(ann.id)).toHaveLength(10);
      expect(await change('9@EXAMPLE.com')).toMatchObject({ email: '9@EXAMPLE.com' });
      expect(await change('once@example.com', NOW + DAY_MS)).toMatchObject({ email: 'once@example.com' });
    });

    it('to none that another may still take back, but back to their own', async () => {
      await adapters.verifyEmail(ann.id);
      await change('one@example.com');
      const bob = await newAccount(adapters);
      const take = (now: number) => adapters.accounts.rename({ email: ann.email }, NO_MAILS, acting(bob.id, { now }));
      expect(await take(NOW)).toMatchObject({ refused: 'email_taken' });
      expect(await change(ann.email)).toMatchObject({ email: ann.email });
      await change('one@example.com');
      expect(await take(NOW + 7 * DAY_MS)).toMatchObject({ email: ann.email });
    });
  });

  describe('are removed', () => {
    it('with their sessions, their password and their names', async () => {
      const session = await openSession(adapters, ann);
      const audit = acting(ann.id, { sessionId: session.id });
      const notice = newMail(newMailing(), 'account_deleted', {}, NOW);
      expect(await adapters.accounts.remove(ann.id, audit, notice)).toBe('removed');
      expect(await adapters.queuedMails(ann.id)).toEqual([['account_deleted', ann.email]]);
      expect(await adapters.administration.find(ann.id)).toBeUndefined();
      expect(await adapters.sessions.findLive(session.id, NOW)).toBeUndefined();
      expect(await lastEvent(adapters, { action: 'account.deleted' })).toMatchObject({
        accountId: ann.id,
        actorId: ann.id,
      });
      const next = await newAccount(adapters, { username: ann.username, email: ann.email });
      expect(next.id).toBeGreaterThan(ann.id);
      expect(await adapters.sessions.list(next.id, NOW)).toEqual([]);
    });

    it('with their private entities, while public ones stay without an owner', async () => {
      const { entities } = adapters;
      const mine = await newThing(adapters, ann.id, { visibility: 'private' });
      const shown = await newThing(adapters, ann.id);
      const bosss = await newThing(adapters, boss.id, { visibility: 'private' });
      await adapters.accounts.remove(ann.id, acting(ann.id, { now: NOW + 1 }));
      expect(await entities.findNow({ id: mine.id }, readerOf(boss.id))).toBeUndefined();
      const orphan = { ...shown, ownerId: null, version: 2, updatedAt: NOW + 1 };
      expect(await entities.findNow({ id: shown.id }, readerOf(boss.id))).toEqual(orphan);
      expect(await entities.findNow({ id: bosss.id }, readerOf(boss.id))).toEqual(bosss);
    });

    it('by an admin, and by nobody else', async () => {
      const bob = await newAccount(adapters);
      const stays = async (audit: ReturnType<typeof acting>) => {
        expect(await adapters.accounts.remove(ann.id, audit)).toBe('not_found');
        expect(await adapters.accounts.findActive(ann.id)).toEqual(ann);
      };
      await stays(acting(bob.id));
      await stays(administering(bob.id));
      await stays(acting(boss.id)); // an admin acts as one, or not at all
      await stays(administering(boss.id, { sessionId: crypto.randomUUID() }));
      expect(await adapters.accounts.remove(ann.id, administering(boss.id))).toBe('removed');
      expect(await adapters.accounts.remove(ann.id, administering(boss.id))).toBe('not_found');
    });

    it('but never the last active admin', async () => {
      const other = await newAdmin(adapters);
      await deactivate(other);
      expect(await adapters.accounts.remove(boss.id, acting(boss.id))).toBe('last_admin');
      expect(await adapters.accounts.findActive(boss.id)).toBeDefined();
      expect(await actionsOf(adapters, boss.id)).not.toContain('account.deleted');
      expect(await adapters.accounts.remove(other.id, administering(boss.id))).toBe('removed');
    });

    it('of two admins who both leave, one', async () => {
      const other = await newAdmin(adapters);
      const outcomes = await Promise.all([boss, other].map(({ id }) => adapters.accounts.remove(id, acting(id))));
      expect(outcomes.toSorted()).toEqual(['last_admin', 'removed']);
    });
  });

  it('have ids that are never used again', async () => {
    await adapters.accounts.remove(ann.id, acting(ann.id));
    const { id } = await newAccount(adapters);
    expect(id).toBeGreaterThan(ann.id);
  });
});
