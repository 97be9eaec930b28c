// The contract of SignIns: a session opens while its account is active and all that was proven still holds.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ADAPTERS } from '../support/adapters.ts';
import {
  actionsOf,
  HASH,
  lastEvent,
  newAccount,
  newAdmin,
  newSession,
  openSession,
  proofFor,
  uncounted,
} from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, NOW } from '../support/domain/contexts.ts';
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
  const open = (proof = proofFor(ann), session = newSession()) =>
    adapters.signIns.openSession(proof, session, acting(ann.id));
  const nothingOpened = async () => {
    expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
    expect(await actionsOf(adapters, ann.id)).not.toContain('login.succeeded');
  };

  it('open a session, with an event', async () => {
    const session = newSession({ kind: 'refresh', tokenHash: 'a token hash' });
    expect(await open(proofFor(ann), session)).toBe('opened');
    expect(await adapters.sessions.findLive(session.id, NOW)).toEqual({ account: ann, lastUsedAt: NOW });
    expect(await lastEvent(adapters, {})).toEqual({
      ...CLIENT,
      at: NOW,
      action: 'login.succeeded',
      actorId: ann.id,
      accountId: ann.id,
      detail: { session_id: session.id, kind: 'refresh' },
    });
  });

  it('open none on a password that was changed meanwhile', async () => {
    expect(await open(proofFor(ann, 'an older hash'))).toBe('overtaken');
    await adapters.removePassword(ann.id);
    expect(await open()).toBe('overtaken');
    await nothingOpened();
  });

  it('open none unless every piece of evidence holds', async () => {
    const [holding, outdated] = [...proofFor(ann).evidence, ...proofFor(ann, 'an older hash').evidence];
    if (!holding || !outdated) throw new Error('no evidence');
    expect(await open({ account: ann, evidence: [holding, outdated] })).toBe('overtaken');
    expect(await open({ account: ann, evidence: [outdated, holding] })).toBe('overtaken');
    await nothingOpened();
    expect(await open({ account: ann, evidence: [holding, holding] })).toBe('opened');
  });

  it('open none for an account that was deactivated or deleted meanwhile', async () => {
    const boss = await newAdmin(adapters);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await open()).toBe('account_disabled');
    await nothingOpened();
    await adapters.accounts.remove(ann.id, administering(boss.id));
    expect(await open()).toBe('overtaken');
    await nothingOpened();
  });

  it('replace an outdated hash where they open a session', async () => {
    const evidence = { kind: 'password', passwordHash: HASH, guess: uncounted(ann), rehash: 'a better hash' } as const;
    expect(await open({ account: ann, evidence: [evidence] })).toBe('opened');
    expect(await passwordOf(ann)).toBe('a better hash');
    expect(await open({ account: ann, evidence: [{ ...evidence, rehash: 'a third hash' }] })).toBe('overtaken');
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

  it('record a refusal, with its reason', async () => {
    await adapters.signIns.recordRefusal(proofFor(ann), 'account_disabled', acting(ann.id));
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
