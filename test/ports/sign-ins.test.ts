// The contract of SignIns: a session opens while its account is active and all that was proven still holds.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { newMail } from '../../src/domain/mail/mail.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import { ADAPTERS } from '../support/adapters.ts';
import {
  actionsOf,
  HASH,
  lastEvent,
  NO_NEEDS,
  newAccount,
  newAdmin,
  newSession,
  openSession,
  proofFor,
  uncounted,
} from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, HOUR_MS, NOW, SECOND_MS } from '../support/domain/contexts.ts';
import { newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('sign-ins %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  const passwordOf = async ({ id }: Account) =>
    (await adapters.guesses.guessForSession(id, 'any', acting(id))).passwordHash;
  const open = (proof = proofFor(ann), session = newSession(), needs = NO_NEEDS) =>
    adapters.signIns.openSession(proof, needs, session, acting(ann.id));
  const nothingOpened = async () => {
    expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
    expect(await actionsOf(adapters, ann.id)).not.toContain('login.succeeded');
  };

  it('open a session, with an event', async () => {
    const session = newSession({ kind: 'refresh', tokenHash: 'a token hash' });
    expect(await open(proofFor(ann), session)).toBe('opened');
    expect(await adapters.sessions.findLive(session.id, NOW)).toEqual({
      account: ann,
      createdAt: NOW,
      lastUsedAt: NOW,
      authentication: byPassword(NOW),
    });
    expect(await lastEvent(adapters, {})).toEqual({
      ...CLIENT,
      at: NOW,
      action: 'login.succeeded',
      actorId: ann.id,
      accountId: ann.id,
      detail: { session_id: session.id, kind: 'refresh', amr: ['pwd'] },
    });
  });

  it('open none on a password that was changed meanwhile', async () => {
    expect(await open(proofFor(ann, 'an older hash'))).toEqual({ overtaken: 'password' });
    await adapters.removePassword(ann.id);
    expect(await open()).toEqual({ overtaken: 'password' });
    await nothingOpened();
  });

  it('open none unless every piece of evidence holds', async () => {
    const [holding, outdated] = [...proofFor(ann).evidence, ...proofFor(ann, 'an older hash').evidence];
    if (!holding || !outdated) throw new Error('no evidence');
    expect(await open({ account: ann, evidence: [holding, outdated] })).toEqual({ overtaken: 'password' });
    expect(await open({ account: ann, evidence: [outdated, holding] })).toEqual({ overtaken: 'password' });
    await nothingOpened();
    expect(await open({ account: ann, evidence: [holding, holding] })).toBe('opened');
  });

  it('open none for an account that was deactivated or deleted meanwhile', async () => {
    const boss = await newAdmin(adapters);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await open()).toBe('account_disabled');
    await nothingOpened();
    await adapters.accounts.remove(ann.id, administering(boss.id));
    expect(await open()).toEqual({ overtaken: 'password' });
    await nothingOpened();
  });

  it('open none for an account whose email must be verified and is not', async () => {
    const needs = { verifiedEmail: true };
    expect(await open(proofFor(ann), newSession(), needs)).toBe('email_not_verified');
    await nothingOpened();
    await adapters.verifyEmail(ann.id);
    expect(await open(proofFor(ann), newSession(), needs)).toBe('opened');
    const nameless = await newAccount(adapters, { email: null });
    expect(await open(proofFor(nameless), newSession(), needs)).toBe('opened');
  });

  it('renew the session that acts, on a proof of its account that holds', async () => {
    const { id: sessionId } = await openSession(adapters, ann);
    const renew = (proof = proofFor(ann), audit = acting(ann.id, { sessionId, now: NOW + 5 })) =>
      adapters.signIns.renewSession(proof, audit);
    expect(await renew(proofFor(ann, 'an older hash'))).toEqual({ overtaken: 'password' });
    expect(await renew(proofFor(await newAccount(adapters)))).toBe('ended');
    expect(await adapters.sessions.findLive(sessionId, NOW)).toMatchObject({ authentication: byPassword(NOW) });
    expect(await renew()).toBe('renewed');
    expect(await adapters.sessions.findLive(sessionId, NOW)).toMatchObject({ authentication: byPassword(NOW + 5) });
    await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    expect(await renew()).toBe('ended');
  });

  it('replace an outdated hash where they open a session', async () => {
    const evidence = { kind: 'password', passwordHash: HASH, guess: uncounted(ann), rehash: 'a better hash' } as const;
    expect(await open({ account: ann, evidence: [evidence] })).toBe('opened');
    expect(await passwordOf(ann)).toBe('a better hash');
    expect(await open({ account: ann, evidence: [{ ...evidence, rehash: 'a third hash' }] })).toEqual({
      overtaken: 'password',
    });
    expect(await passwordOf(ann)).toBe('a better hash');
    expect(await actionsOf(adapters, ann.id)).not.toContain('password.changed');
  });

  it('leave other sessions and accounts alone', async () => {
    const [bob, session] = [await newAccount(adapters), await openSession(adapters, ann)];
    expect(await open()).toBe('opened');
    expect(await adapters.sessions.findLive(session.id, NOW)).toBeDefined();
    expect(await adapters.sessions.list(bob.id, NOW)).toEqual([]);
    expect(await passwordOf(bob)).toBe(HASH);
  });

  it('queue a mail with a refusal while the email is not verified, once a minute and five times an hour', async () => {
    const mail = () => newMail(newMailing(), 'email_verification', { cause: 'request' }, NOW);
    const refuseAt = (now: number) =>
      adapters.signIns.recordRefusal(proofFor(ann), 'email_not_verified', mail(), acting(ann.id, { now }));
    for (const seconds of [0, 59, 60, 120, 180, 240, 300]) await refuseAt(NOW + seconds * SECOND_MS);
    expect(await adapters.queuedMails(ann.id)).toEqual(Array(5).fill(['email_verification', ann.email]));
    await refuseAt(NOW + HOUR_MS);
    expect(await adapters.queuedMails(ann.id)).toHaveLength(6);
    await adapters.verifyEmail(ann.id);
    await refuseAt(NOW + 2 * HOUR_MS);
    expect(await adapters.queuedMails(ann.id)).toHaveLength(6);
  });

  it('record a refusal, with its reason', async () => {
    await adapters.signIns.recordRefusal(proofFor(ann), 'account_disabled', undefined, acting(ann.id));
    expect(await lastEvent(adapters, {})).toEqual({
      ...CLIENT,
      at: NOW,
      action: 'login.refused',
      actorId: ann.id,
      accountId: ann.id,
      detail: { reason: 'account_disabled' },
    });
    await nothingOpened();
  });
});
