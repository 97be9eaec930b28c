// The contract of PasswordCredentials: a password is replaced if it is still the proven one.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { newMail } from '../../src/domain/mail/mail.ts';
import type { PasswordEvidence } from '../../src/domain/passwords/check.ts';
import { ADAPTERS } from '../support/adapters.ts';
import {
  actionsOf,
  HASH,
  lastEvent,
  newAccount,
  newAdmin,
  openSession,
  uncounted,
} from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, NOW } from '../support/domain/contexts.ts';
import { newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const NOTICE = newMail(newMailing(), 'password_changed', {}, NOW);

describe.each(ADAPTERS)('password credentials %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
    sessionId = (await openSession(adapters, ann)).id;
  });

  const evidence = (passwordHash: string = HASH): PasswordEvidence => ({
    kind: 'password',
    passwordHash,
    guess: uncounted(ann),
  });
  const replace = (
    newHash: string,
    from = evidence(),
    audit = acting(ann.id, { now: NOW + 1, sessionId }),
    keepSessionId: string | null = sessionId,
  ) => adapters.credentials.replace(from, newHash, keepSessionId, NOTICE, audit);
  const guess = () => adapters.guesses.guessForSession(ann.id, sessionId, acting(ann.id));
  const unchanged = async () => {
    expect(await guess()).toMatchObject({ passwordHash: HASH });
    expect(await actionsOf(adapters, ann.id)).not.toContain('password.changed');
    expect(await adapters.queuedMails(ann.id)).toEqual([]);
  };

  it('are replaced, with an event', async () => {
    expect(await replace('another hash')).toBe('replaced');
    expect(await guess()).toMatchObject({ passwordHash: 'another hash', account: { updatedAt: NOW + 1 } });
    const action = 'password.changed';
    const event = { ...CLIENT, at: NOW + 1, action, actorId: ann.id, accountId: ann.id, detail: {} };
    expect(await lastEvent(adapters, { action })).toEqual(event);
    expect(await adapters.queuedMails(ann.id)).toEqual([['password_changed', ann.email]]);
  });

  it('end every other live session of the account when they are replaced', async () => {
    const [other, ended, bobs] = [
      await openSession(adapters, ann),
      await openSession(adapters, ann),
      await openSession(adapters, await newAccount(adapters)),
    ];
    await adapters.sessions.end({ accountId: ann.id, sessionId: ended.id }, acting(ann.id));
    await replace('another hash');
    expect(await adapters.sessions.findLive(sessionId, NOW)).toBeDefined();
    expect(await adapters.sessions.findLive(bobs.id, NOW)).toBeDefined();
    expect(await adapters.sessions.findLive(other.id, NOW)).toBeUndefined();
    const revoked = await adapters.auditTrail.page({ action: 'session.revoked' }, undefined, 9);
    const detail = { session_id: other.id, reason: 'password_changed' };
    expect(revoked.items).toMatchObject([{ accountId: ann.id, actorId: ann.id, detail }]);
  });

  it('end the acting session as well, where none is to stay', async () => {
    await replace('another hash', evidence(), acting(ann.id, { sessionId }), null);
    expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
  });

  it('clear the count of the guess that proved them', async () => {
    let right = await guess();
    for (let made = 1; made < 10; made += 1) right = await guess();
    expect((await guess()).lockedUntil).toBeDefined();
    await replace('another hash', { kind: 'password', passwordHash: HASH, guess: right });
    expect((await guess()).lockedUntil).toBeUndefined();
  });

  it('are replaced by one of two at once', async () => {
    const outcomes = await Promise.all(['one', 'other'].map((newHash) => replace(newHash)));
    expect(outcomes).toContain('replaced');
    expect(outcomes).toContainEqual(expect.objectContaining({ refused: 'wrong_password' }));
    expect(await actionsOf(adapters, ann.id)).toEqual(['account.registered', 'login.succeeded', 'password.changed']);
  });

  it('are not replaced where another change came first, and no session ends', async () => {
    const other = await openSession(adapters, ann);
    expect(await replace('another hash', evidence('an older hash'))).toMatchObject({ refused: 'wrong_password' });
    await unchanged();
    expect(await adapters.sessions.findLive(other.id, NOW)).toBeDefined();
    await adapters.removePassword(ann.id);
    expect(await replace('another hash')).toMatchObject({ refused: 'wrong_password' });
  });

  it('are not replaced by an authority that has ended, and no session ends', async () => {
    const other = await openSession(adapters, ann);
    await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    expect(await replace('another hash')).toMatchObject({ refused: 'token_revoked' });
    await unchanged();
    expect(await adapters.sessions.findLive(other.id, NOW)).toBeDefined();
    const boss = await newAdmin(adapters);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await replace('another hash', evidence(), acting(ann.id))).toMatchObject({ refused: 'token_revoked' });
    await adapters.administration.change(ann.id, { active: true }, administering(boss.id));
    await unchanged();
  });
});
