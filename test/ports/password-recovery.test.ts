// The contract of PasswordRecovery: a mailed link sets the password of an active account, once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { NewMail } from '../../src/domain/mail/mail.ts';
import { LIFETIME_MS } from '../../src/domain/one-time-tokens/one-time-token.ts';
import { FAILURES_BEFORE_LOCK } from '../../src/domain/passwords/lockout.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, MINUTE_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { enrol } from '../support/domain/factors.ts';
import { mailWithLink } from '../support/domain/mailing.ts';
import { newPasskey } from '../support/domain/passkeys.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const newLink = (now = NOW): NewMail => mailWithLink('password_reset', {}, now);

describe.each(ADAPTERS)('recovery of passwords %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, boss] = [await newAccount(adapters), await newAdmin(adapters)];
  });

  const request = (mail: NewMail, email = ann.email ?? '', now = NOW) =>
    adapters.recovery.request(email, mail, nobody(now));
  const requestFor = (accountId: number, audit = administering(boss.id)) =>
    adapters.recovery.requestFor(accountId, newLink(audit.now), audit);
  const find = ({ token }: NewMail, now = NOW) => adapters.recovery.find(token?.id ?? '', now);
  const reset = ({ token }: NewMail, now = NOW) =>
    adapters.recovery.reset(token?.id ?? '', 'a new hash', mailWithLink('password_was_reset', {}, now), nobody(now));
  const passwordHash = async () => (await adapters.guesses.guessForSession(ann.id, 'any', acting(ann.id))).passwordHash;
  async function requested(): Promise<NewMail> {
    const mail = newLink();
    await request(mail);
    return mail;
  }

  describe('is asked for', () => {
    it('by anybody, in any case, with an event', async () => {
      await request(newLink(), ann.email?.toUpperCase());
      expect(await adapters.queuedMails(ann.id)).toEqual([['password_reset', ann.email]]);
      const event = { action: 'password.reset_requested', actorId: null, accountId: ann.id };
      expect(await lastEvent(adapters, {})).toMatchObject(event);
    });

    it('for an unknown email, or that of a deactivated account, with an event and no mail', async () => {
      await request(newLink(), 'nobody@example.com');
      expect(await lastEvent(adapters, {})).toMatchObject({ action: 'password.reset_requested', accountId: null });
      await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
      await request(newLink());
      expect(await lastEvent(adapters, {})).toMatchObject({ action: 'password.reset_requested', accountId: ann.id });
      expect(await adapters.queuedMails(ann.id)).toEqual([]);
    });

    it('once a minute', async () => {
      for (const now of [NOW, NOW + MINUTE_MS - 1, NOW + MINUTE_MS]) await request(newLink(now), undefined, now);
      expect(await adapters.queuedMails(ann.id)).toHaveLength(2);
    });

    it('by an admin for an account, within the same limit', async () => {
      expect(await requestFor(ann.id)).toBe('queued');
      expect(await lastEvent(adapters, {})).toMatchObject({ actorId: boss.id, accountId: ann.id });
      expect(await requestFor(ann.id)).toMatchObject({ refused: 'too_many_requests', retryAfterSeconds: 60 });
      expect(await adapters.queuedMails(ann.id)).toHaveLength(1);
    });

    it('neither by a user, nor for an account that has no email or is not there', async () => {
      expect(await requestFor(ann.id, administering(ann.id))).toMatchObject({ refused: 'forbidden' });
      const ended = administering(boss.id, { sessionId: 'none' });
      expect(await requestFor(ann.id, ended)).toMatchObject({ refused: 'token_revoked' });
      const { id } = await newAccount(adapters, { email: null });
      for (const unmailable of [id, id + 1000])
        expect(await requestFor(unmailable)).toMatchObject({ refused: 'no_email' });
      expect(await adapters.queuedMails(ann.id)).toEqual([]);
    });
  });

  it('finds the account of a live link', async () => {
    const mail = await requested();
    expect(await find(mail)).toEqual({ email: ann.email, username: ann.username });
    expect(await find(mail, NOW + LIFETIME_MS.reset_password)).toBeUndefined();
    expect(await find(mailWithLink('password_reset', {}, NOW))).toBeUndefined();
  });

  it('sets the password once, verifies the email, and ends every session', async () => {
    await openSession(adapters, ann);
    const mail = await requested();
    expect(await reset(mail)).toBe('reset');
    expect(await passwordHash()).toBe('a new hash');
    expect(await adapters.accounts.findActive(ann.id)).toMatchObject({ emailVerified: true });
    expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
    const actions = ['password.reset', 'session.revoked'];
    expect(await actionsOf(adapters, ann.id)).toEqual(expect.arrayContaining(actions));
    expect(await adapters.queuedMails(ann.id)).toContainEqual(['password_was_reset', ann.email]);
    expect([await reset(mail), await find(mail)]).toEqual([undefined, undefined]);
  });

  it('sets a password where there was none', async () => {
    await adapters.removePassword(ann.id);
    expect(await reset(await requested())).toBe('reset');
    expect(await passwordHash()).toBe('a new hash');
  });

  it('lifts the lock of the account', async () => {
    const email = ann.email ?? '';
    const guess = () => adapters.guesses.guessForLogin({ email }, 'unknown', nobody());
    for (let made = 0; made <= FAILURES_BEFORE_LOCK; made += 1) await guess();
    expect((await guess()).lockedUntil).toBeGreaterThan(NOW);
    await reset(await requested());
    expect((await guess()).lockedUntil).toBeUndefined();
  });

  it('leaves the factors of an account whose email was verified once, and no others', async () => {
    const { id: sessionId } = await openSession(adapters, ann);
    await adapters.verifyEmail(ann.id);
    await enrol(adapters, ann, sessionId);
    await newPasskey(adapters, ann, sessionId);
    await reset(await requested());
    expect(await adapters.factors.overview(ann.id)).toMatchObject({ totp: { createdAt: NOW }, recoveryCodesLeft: 2 });
    const bob = await newAccount(adapters);
    const session = await openSession(adapters, bob);
    await enrol(adapters, bob, session.id);
    await newPasskey(adapters, bob, session.id);
    const mail = newLink();
    await request(mail, bob.email ?? '');
    await reset(mail);
    expect(await adapters.factors.overview(bob.id)).toEqual({ totp: null, recoveryCodesLeft: 0, passkeys: [] });
  });

  it('does nothing on a link that has ended', async () => {
    const [first, second] = [newLink(), newLink(NOW + MINUTE_MS)];
    await request(first);
    await request(second, undefined, NOW + MINUTE_MS);
    expect(await reset(first)).toBeUndefined();
    expect(await reset(second, NOW + MINUTE_MS + LIFETIME_MS.reset_password)).toBeUndefined();
    expect(await passwordHash()).not.toBe('a new hash');
    expect(await reset(second)).toBe('reset');
  });
});
