// The contract of PasswordGuesses: a guess is counted unless a lock forbids it, for its account and its network.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account, Identifier } from '../../src/domain/accounts/account.ts';
import {
  ACCOUNT_LOCK_MS,
  ACCOUNT_WINDOW_MS,
  FAILURES_BEFORE_ACCOUNT_LOCK,
  type Guess,
  KNOWN_NETWORK_MS,
  unknownSubject,
} from '../../src/domain/passwords/lockout.ts';
import type { SignIns } from '../../src/domain/sign-in/sign-in.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, HASH, lastEvent, NO_NEEDS, newAccount, newAdmin, newSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, MINUTE_MS, NOW, nobody, SECOND_MS } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const from = (ip: string | null, now = NOW) => nobody(now, { ...CLIENT, ip });

describe.each(ADAPTERS)('password guesses %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters, { username: 'Ann', email: 'ann@example.com' });
  });

  const ANN = { username: 'Ann' };
  const guess = async (audit = nobody(), identifier: Identifier = ANN) =>
    adapters.guesses.guessForLogin(identifier, await unknownSubject(identifier), audit);
  const guesses = async (count: number, audit = nobody(), identifier: Identifier = ANN): Promise<readonly Guess[]> => {
    const made: Guess[] = [];
    for (let round = 0; round < count; round += 1) made.push(await guess(audit, identifier));
    return made;
  };
  const proven = (right: Guess) => ({
    account: ann,
    evidence: [{ kind: 'password', passwordHash: HASH, guess: right }] as const,
  });
  /** A number of guesses at once, from networks of which none is locked by itself. */
  const spread = (count: number, now = NOW, identifier: Identifier = ANN) =>
    Promise.all(Array.from({ length: count }, (__, made) => guess(from(`198.51.100.${made % 20}`, now), identifier)));

  describe('for a login', () => {
    it('find the account by any of its names, with the hash to compare', async () => {
      for (const identifier of [{ username: 'aNN' }, { email: 'ANN@example.com' }])
        expect(await guess(nobody(), identifier)).toEqual({
          subject: `account:${ann.id}`,
          network: CLIENT.ip,
          account: ann,
          passwordHash: HASH,
          hasTotp: false,
          lockedUntil: undefined,
          locks: false,
        });
    });

    it('find no hash for an account without a password, nor for a name that nobody has', async () => {
      await adapters.removePassword(ann.id);
      expect(await guess()).toMatchObject({ account: ann, passwordHash: undefined, lockedUntil: undefined });
      const unknown = { username: 'nobody' };
      expect(await guess(nobody(), unknown)).toEqual({
        subject: await unknownSubject(unknown),
        network: CLIENT.ip,
        account: undefined,
        passwordHash: undefined,
        hasTotp: false,
        lockedUntil: undefined,
        locks: false,
      });
    });

    it('take no email for a username, nor the other way round', async () => {
      expect((await guess(nobody(), { email: 'Ann' })).account).toBeUndefined();
      expect((await guess(nobody(), { username: 'ann@example.com' })).account).toBeUndefined();
    });

    it('find an account that is not active', async () => {
      const boss = await newAdmin(adapters);
      await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
      expect(await guess()).toMatchObject({ account: { id: ann.id, active: false }, passwordHash: HASH });
    });
  });

  describe.each([
    ['an account', ANN, { email: 'ann@example.com' }],
    ['a name that nobody has', { username: 'Nobody' }, { username: 'nobody' }],
  ])('at %s', (__, name, sameName) => {
    it('lock with the tenth in a row, and are not counted while they are locked', async () => {
      const made = await guesses(10, nobody(), name);
      expect(made.map(({ locks }) => locks)).toEqual([...Array(9).fill(false), true]);
      expect(made.map(({ lockedUntil }) => lockedUntil)).toEqual(Array(10).fill(undefined));
      for (const later of [1, MINUTE_MS - 1])
        expect(await guess(nobody(NOW + later), sameName)).toMatchObject({
          lockedUntil: NOW + MINUTE_MS,
          locks: false,
        });
      expect((await guess(nobody(NOW + MINUTE_MS), sameName)).lockedUntil).toBeUndefined();
    });

    it('lock for twice as long each time after that, up to 15 minutes', async () => {
      await guesses(9, nobody(), name);
      let now = NOW;
      for (const minutes of [1, 2, 4, 8, 15, 15]) {
        expect(await guess(nobody(now), name)).toMatchObject({ locks: true, lockedUntil: undefined });
        const { lockedUntil } = await guess(nobody(now + 1), name);
        expect(lockedUntil).toBe(now + minutes * MINUTE_MS);
        now = lockedUntil ?? 0;
      }
    });

    it('are counted for their network', async () => {
      await guesses(10, from('2001:db8:0:1::1'), name);
      expect((await guess(from('2001:DB8::1:0:0:0:2'), name)).lockedUntil).toBe(NOW + MINUTE_MS);
      for (const ip of ['2001:db8:0:2::1', '192.0.2.8', null])
        expect((await guess(from(ip), name)).lockedUntil).toBeUndefined();
    });

    it('let ten of many at once through', async () => {
      const made = await Promise.all(Array.from({ length: 30 }, () => guess(nobody(), name)));
      expect(made.filter(({ lockedUntil }) => lockedUntil === undefined)).toHaveLength(10);
      expect(made.filter(({ locks }) => locks)).toHaveLength(1);
    });

    it('from everywhere lock it everywhere, 15 minutes from the last one', async () => {
      await spread(FAILURES_BEFORE_ACCOUNT_LOCK - 1, NOW, name);
      expect((await guess(from('203.0.113.1', NOW + SECOND_MS), name)).lockedUntil).toBeUndefined();
      const until = NOW + SECOND_MS + ACCOUNT_LOCK_MS;
      expect((await guess(from('203.0.113.2', NOW + SECOND_MS), name)).lockedUntil).toBe(until);
      expect((await guess(from('203.0.113.2', until - 1), name)).lockedUntil).toBe(until);
      expect((await guess(from('203.0.113.2', until), name)).lockedUntil).toBeUndefined();
    });
  });

  it('from everywhere are counted within an hour', async () => {
    await spread(FAILURES_BEFORE_ACCOUNT_LOCK, NOW);
    expect((await guess(from('203.0.113.1', NOW + ACCOUNT_WINDOW_MS - 1))).lockedUntil).toBeUndefined();
    await spread(FAILURES_BEFORE_ACCOUNT_LOCK - 2, NOW + ACCOUNT_WINDOW_MS);
    const later = NOW + ACCOUNT_WINDOW_MS + 1;
    expect((await guess(from('203.0.113.1', later))).lockedUntil).toBeUndefined();
    expect((await guess(from('203.0.113.1', later))).lockedUntil).toBe(later + ACCOUNT_LOCK_MS);
  });

  it('from everywhere do not lock out a network that signed in lately', async () => {
    const signIn = async (ip: string, now: number) => {
      const audit = { ...from(ip, now), actorId: ann.id };
      const session = newSession({ expiresAt: now + 1 });
      expect(await adapters.signIns.openSession(proven(await guess(audit)), NO_NEEDS, session, audit)).toBe('opened');
    };
    await signIn('2001:db8::1', NOW - KNOWN_NETWORK_MS + 1);
    await signIn('192.0.2.9', NOW - KNOWN_NETWORK_MS);
    await spread(FAILURES_BEFORE_ACCOUNT_LOCK);
    expect((await guess(from('2001:db8::2'))).lockedUntil).toBeUndefined();
    expect((await guess(from('192.0.2.9'))).lockedUntil).toBe(NOW + ACCOUNT_LOCK_MS);
    expect((await guess(from(null))).lockedUntil).toBe(NOW + ACCOUNT_LOCK_MS);
  });

  it('at one account or name leave others alone', async () => {
    const bob = await newAccount(adapters);
    await guesses(10);
    expect((await guess(nobody(), { email: bob.email ?? '' })).lockedUntil).toBeUndefined();
    expect((await guess(nobody(), { username: 'Nobody' })).lockedUntil).toBeUndefined();
  });

  describe('that were right', () => {
    it.each<[string, (signIns: SignIns, right: Guess) => Promise<unknown>]>([
      ['opened a session', (signIns, right) => signIns.openSession(proven(right), NO_NEEDS, newSession(), nobody())],
      [
        'was refused for another reason',
        (signIns, right) => signIns.recordRefusal(proven(right), 'account_disabled', undefined, nobody()),
      ],
    ])('are forgotten with those before, where the sign-in %s', async (__, finish) => {
      const [right] = (await guesses(10)).slice(-1);
      if (!right) throw new Error('no guess');
      await finish(adapters.signIns, right);
      expect((await guesses(10)).map(({ lockedUntil }) => lockedUntil)).toEqual(Array(10).fill(undefined));
    });

    it('stay counted where no session opened', async () => {
      const [right] = (await guesses(10)).slice(-1);
      if (!right) throw new Error('no guess');
      const outdated = [{ kind: 'password', passwordHash: 'an older hash', guess: right }] as const;
      await adapters.signIns.openSession({ account: ann, evidence: outdated }, NO_NEEDS, newSession(), nobody());
      expect((await guess()).lockedUntil).toBe(NOW + MINUTE_MS);
    });

    it('are forgotten for their network alone', async () => {
      await guesses(10, from('192.0.2.9'));
      const [right] = await guesses(1);
      if (right) await adapters.signIns.openSession(proven(right), NO_NEEDS, newSession(), nobody());
      expect((await guess(from('192.0.2.9'))).lockedUntil).toBe(NOW + MINUTE_MS);
    });
  });

  describe('for a session', () => {
    const sessionGuess = (sessionId: string, now = NOW, accountId = ann.id) =>
      adapters.guesses.guessForSession(accountId, sessionId, acting(accountId, { now }));

    it('find the account while it is active', async () => {
      const expected = { subject: 'session:one', network: '', account: ann, passwordHash: HASH, hasTotp: false };
      expect(await sessionGuess('one')).toEqual({ ...expected, lockedUntil: undefined, locks: false });
      const boss = await newAdmin(adapters);
      await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
      expect(await sessionGuess('one')).toMatchObject({ account: undefined, passwordHash: undefined });
    });

    it('are counted by session, and neither lock a login nor are locked by one', async () => {
      await guesses(10);
      for (let made = 0; made < 10; made += 1) expect((await sessionGuess('one')).locks).toBe(made === 9);
      expect((await sessionGuess('one')).lockedUntil).toBe(NOW + MINUTE_MS);
      expect((await sessionGuess('other')).lockedUntil).toBeUndefined();
      expect((await guess(from('192.0.2.9'))).lockedUntil).toBeUndefined();
    });

    it('are not locked out by guesses from everywhere', async () => {
      await spread(FAILURES_BEFORE_ACCOUNT_LOCK);
      expect((await sessionGuess('one')).lockedUntil).toBeUndefined();
    });
  });

  it('that were wrong are recorded, and so is the lock', async () => {
    const made = await guesses(10);
    const audit = { ...nobody(), actorId: ann.id };
    for (const wrong of made) await adapters.guesses.recordWrong(wrong, audit);
    const actions = await actionsOf(adapters, ann.id);
    expect(actions.filter((action) => action === 'login.refused')).toHaveLength(10);
    expect(actions.filter((action) => action === 'account.locked')).toHaveLength(1);
    expect(await lastEvent(adapters, { action: 'login.refused' })).toEqual({
      ...CLIENT,
      at: NOW,
      action: 'login.refused',
      actorId: ann.id,
      accountId: ann.id,
      detail: { reason: 'invalid_credentials' },
    });
    const [unknown] = await guesses(1, nobody(), { username: 'nobody' });
    if (unknown) await adapters.guesses.recordWrong(unknown, nobody());
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'login.refused', accountId: null });
  });
});
