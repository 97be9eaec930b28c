// The contract of Registrations: unique indexes decide whether a name is free.
import { beforeEach, describe, expect, it } from 'vitest';
import { newMail } from '../../src/domain/mail/mail.ts';
import { unknownSubject } from '../../src/domain/passwords/lockout.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin, newSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, DAY_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { changeMails, newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const MAIL = newMail(newMailing(), 'email_verification', { cause: 'sign_up' }, NOW);

describe.each(ADAPTERS)('registrations %s', (_, fresh) => {
  let adapters: Adapters;
  beforeEach(async () => {
    adapters = await fresh();
  });

  const ann = { username: 'Ann', email: 'Ann@Example.com', passwordHash: 'a hash', data: { nickname: 'A' } };

  it('add a new account with its data, its password and an event', async () => {
    const added = await adapters.registrations.add(ann, undefined, MAIL, nobody());
    if (isRefusal(added)) throw new Error(added.refused);
    const { passwordHash, ...fields } = ann;
    const times = { createdAt: NOW, updatedAt: NOW };
    expect(added).toEqual({ ...fields, id: added.id, emailVerified: false, role: 'user', active: true, ...times });
    expect(await adapters.queuedMails(added.id)).toEqual([['email_verification', 'Ann@Example.com']]);
    expect(await adapters.accounts.findActive(added.id)).toEqual(added);
    const { id } = added;
    const event = { ...CLIENT, at: NOW, action: 'account.registered', actorId: id, accountId: id, detail: {} };
    expect(await lastEvent(adapters, { accountId: id })).toEqual(event);
    const identifier = { email: 'ann@example.com' };
    const guess = await adapters.guesses.guessForLogin(identifier, await unknownSubject(identifier), nobody());
    expect(guess).toMatchObject({ account: { id }, passwordHash });
  });

  it('store any keys of data as they come', async () => {
    const data = JSON.parse('{"__proto__":{"x":1},"constructor":null,"":"","\\u0000":[1,{"z":0,"a":1}]}');
    const added = await newAccount(adapters, { data });
    const found = await adapters.administration.find(added.id);
    expect(JSON.stringify(found?.data)).toBe(JSON.stringify(data));
  });

  it('open a session with the account where one is given', async () => {
    const session = newSession({ kind: 'refresh', tokenHash: 'a token hash' });
    const account = await newAccount(adapters, {}, session);
    expect(await adapters.sessions.findLive(session.id, NOW)).toEqual({
      account,
      createdAt: NOW,
      lastUsedAt: NOW,
      authentication: byPassword(NOW),
    });
    const { tokenHash: __, ...listed } = session;
    expect(await adapters.sessions.list(account.id, NOW)).toEqual([
      { ...listed, ...CLIENT, createdAt: NOW, lastUsedAt: NOW },
    ]);
    expect(
      await adapters.sessions.rotate(null, 'a token hash', 'the next', { expiresAt: NOW + 1, maxAgeMs: DAY_MS }, NOW),
    ).toEqual({
      sessionId: session.id,
      accountId: account.id,
      authentication: byPassword(NOW),
    });
  });

  it('take an account with one name alone, and any number without the other', async () => {
    for (const name of ['b', 'c']) {
      await newAccount(adapters, { username: name, email: null });
      await newAccount(adapters, { username: null, email: `${name}@example.com` });
    }
    expect(await adapters.registrations.taken({ username: null, email: null }, NOW)).toBeUndefined();
  });

  it.each([
    ['its username', { username: 'aNN', email: 'other@example.com' }, 'username_taken'],
    ['its username in another form', { username: 'Ａnn', email: null }, 'username_taken'],
    ['its email', { username: 'Other', email: 'ANN@example.COM' }, 'email_taken'],
  ])('find and refuse names that are taken by %s', async (__, names, refused) => {
    const { id } = await newAccount(adapters, ann);
    expect(await adapters.registrations.taken(names, NOW)).toMatchObject({ refused });
    const session = newSession();
    const added = await adapters.registrations.add({ ...ann, ...names }, session, MAIL, nobody(NOW + 1));
    expect(added).toMatchObject({ refused });
    expect(await adapters.queuedMails(id)).toEqual([]);
    expect(await adapters.sessions.findLive(session.id, NOW)).toBeUndefined();
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'account.registered', accountId: id, at: NOW });
  });

  it('look at the username first where both names are taken', async () => {
    await newAccount(adapters, { username: 'one', email: null });
    await newAccount(adapters, { username: null, email: 'two@example.com' });
    const names = { username: 'One', email: 'Two@example.com' };
    expect(await adapters.registrations.taken(names, NOW)).toMatchObject({ refused: 'username_taken' });
    const added = await adapters.registrations.add({ ...ann, ...names }, undefined, MAIL, nobody());
    expect(added).toMatchObject({ refused: expect.stringMatching(/^(username|email)_taken$/) });
  });

  it('know that free names are free, also those of a deleted account', async () => {
    expect(await adapters.registrations.taken(ann, NOW)).toBeUndefined();
    const { id } = await newAccount(adapters, ann);
    await adapters.accounts.remove(id, acting(id));
    expect(await adapters.registrations.taken(ann, NOW)).toBeUndefined();
  });

  it('invite an account without a password, in the name of an admin', async () => {
    const boss = await newAdmin(adapters);
    const mail = newMail(newMailing(), 'invitation', {}, NOW);
    if (!mail) throw new Error('no mail');
    const invite = (email: string, audit = administering(boss.id)) =>
      adapters.registrations.invite({ email, mail }, audit);
    const invited = await invite('New@example.com');
    if (isRefusal(invited)) throw new Error(invited.refused);
    expect(invited).toMatchObject({ username: null, email: 'New@example.com', emailVerified: false, role: 'user' });
    expect(await adapters.queuedMails(invited.id)).toEqual([['invitation', 'New@example.com']]);
    const event = { action: 'account.registered', actorId: boss.id, accountId: invited.id };
    expect(await lastEvent(adapters, {})).toMatchObject(event);
    const guess = await adapters.guesses.guessForSession(invited.id, 'any', acting(invited.id));
    expect(guess).toMatchObject({ account: { id: invited.id }, passwordHash: undefined });
    expect(await invite('NEW@example.com')).toMatchObject({ refused: 'email_taken' });
    const other = 'other@example.com';
    expect(await invite(other, administering(invited.id))).toMatchObject({ refused: 'forbidden' });
    const ended = administering(boss.id, { sessionId: crypto.randomUUID() });
    expect(await invite(other, ended)).toMatchObject({ refused: 'token_revoked' });
    expect(await adapters.registrations.taken({ username: null, email: other }, NOW)).toBeUndefined();
  });

  it('leave an address to an account that may still take it back', async () => {
    const { id, email } = await newAccount(adapters);
    await adapters.verifyEmail(id);
    const [next, names] = ['next@example.com', { username: 'Other', email }];
    await adapters.accounts.rename({ email: next }, changeMails(next), acting(id));
    expect(await adapters.registrations.taken(names, NOW)).toMatchObject({ refused: 'email_taken' });
    const add = (now: number) => adapters.registrations.add({ ...ann, ...names }, undefined, MAIL, nobody(now));
    expect(await add(NOW)).toMatchObject({ refused: 'email_taken' });
    expect(await adapters.registrations.taken(names, NOW + 7 * DAY_MS)).toBeUndefined();
    expect(await add(NOW + 7 * DAY_MS)).toMatchObject({ email });
  });

  it('give a name to one of many at once', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (__, index) =>
        adapters.registrations.add({ ...ann, username: `Ann ${index}` }, undefined, undefined, nobody()),
      ),
    );
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(1);
    expect(outcomes.filter((outcome) => isRefusal(outcome) && outcome.refused === 'email_taken')).toHaveLength(9);
  });
});
