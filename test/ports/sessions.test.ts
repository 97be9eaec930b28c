// The contract of Sessions: a session is live if it is not revoked and not expired and its account is active.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import type { NewSession } from '../../src/domain/sessions/session.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, DAY_MS, MINUTE_MS, NOW, nobody } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const LATER = NOW + DAY_MS;
/** A token of the family that was rotated before. */
const OLDER = { tokenHash: 'older', by: 'logout' } as const;
const MAX_AGE_MS = 30 * DAY_MS;
const until = (expiresAt: number, maxAgeMs = MAX_AGE_MS) => ({ expiresAt, maxAgeMs });

describe.each(ADAPTERS)('sessions %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let boss: Account;
  let session: NewSession;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
    ann = await newAccount(adapters);
    session = await openSession(adapters, ann, { kind: 'refresh', tokenHash: 'first' });
  });

  const holder = () => ({ sessionId: session.id, accountId: ann.id });
  const authenticated = () => ({ ...holder(), authentication: byPassword(NOW) });
  const isLive = async (id = session.id, now = NOW) => (await adapters.sessions.findLive(id, now)) !== undefined;
  const revokedAs = async () => {
    const { items } = await adapters.auditTrail.page({ accountId: ann.id }, undefined, 100);
    return items
      .filter(({ action }) => action.startsWith('session.'))
      .map(({ action, actorId, detail }) => ({ action, actorId, detail }));
  };

  /** The ways in which a session ends. */
  const ENDINGS: readonly (readonly [string, () => Promise<number>])[] = [
    ['has expired', async () => session.expiresAt],
    [
      'was revoked',
      async () => {
        await adapters.sessions.revoke(holder(), 'by_owner', acting(ann.id));
        return NOW;
      },
    ],
    [
      'is of an account that was deactivated',
      async () => {
        await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
        return NOW;
      },
    ],
    [
      'is of an account that was deleted',
      async () => {
        await adapters.accounts.remove(ann.id, acting(ann.id));
        return NOW;
      },
    ],
  ];

  it('are live from their opening to their expiry', async () => {
    const found = { account: ann, createdAt: NOW, lastUsedAt: NOW, authentication: byPassword(NOW) };
    expect(await adapters.sessions.findLive(session.id, NOW)).toEqual(found);
    expect(await adapters.sessions.findLive(session.id, session.expiresAt - 1)).toEqual(found);
    expect(await isLive(crypto.randomUUID())).toBe(false);
  });

  it.each(ENDINGS)('are not found, listed, used or ended where one %s', async (__, end) => {
    const now = await end();
    const { sessions } = adapters;
    const events = await revokedAs();
    expect(await isLive(session.id, now)).toBe(false);
    expect(await sessions.list(ann.id, now)).toEqual([]);
    expect(await sessions.rotate(null, 'first', 'second', until(now + 1), now)).toBeUndefined();
    expect(await sessions.endByToken(null, 'first', nobody(now))).toBe(false);
    expect(await sessions.revokeByReuse(null, ['first'], OLDER, nobody(now))).toBe(false);
    expect(await sessions.revokeUnlessCurrent(null, session.id, 'older', nobody(now))).toBe(false);
    expect(await sessions.end(holder(), nobody(now))).toBe(false);
    const byAdmin = administering(boss.id, { now });
    expect(await sessions.revoke(holder(), 'by_admin', byAdmin)).toMatchObject({ refused: 'session_not_found' });
    expect(await sessions.revokeAll(ann.id, null, 'by_admin', byAdmin)).toBe('revoked');
    expect(await revokedAs()).toEqual(events);
  });

  it('know when they were used while they were live', async () => {
    const { sessions } = adapters;
    sessions.recordUse(session.id, NOW + 5);
    sessions.recordUse(crypto.randomUUID(), NOW + 5);
    await adapters.settled();
    expect(await sessions.findLive(session.id, NOW + 5)).toMatchObject({ lastUsedAt: NOW + 5 });
    sessions.recordUse(session.id, session.expiresAt);
    await adapters.settled();
    expect(await sessions.findLive(session.id, NOW + 5)).toMatchObject({ lastUsedAt: NOW + 5 });
  });

  describe('rotate their refresh token', () => {
    it('from the presented one to the next, with a new lifetime', async () => {
      const { sessions } = adapters;
      expect(await sessions.rotate(null, 'first', 'second', until(LATER + 9), NOW + 9)).toEqual(authenticated());
      expect(await sessions.list(ann.id, LATER)).toMatchObject([{ lastUsedAt: NOW + 9, expiresAt: LATER + 9 }]);
      expect(await sessions.rotate(null, 'first', 'second', until(LATER), NOW + 9)).toBeUndefined();
      expect(await sessions.rotate(null, 'second', 'third', until(LATER), NOW + 9)).toEqual(authenticated());
    });

    it('until an age at which they end, however late they expire', async () => {
      const { sessions } = adapters;
      await sessions.rotate(null, 'first', 'second', until(LATER, 1000), NOW);
      expect(await sessions.list(ann.id, NOW)).toMatchObject([{ expiresAt: NOW + 1000 }]);
      await sessions.rotate(null, 'second', 'third', until(LATER), NOW);
      expect(await sessions.findRotatedSince(null, 'second', ['third'], NOW - 1, 1000, NOW + 999)).toBeDefined();
      expect(await sessions.findRotatedSince(null, 'second', ['third'], NOW - 1, 1000, NOW + 1000)).toBeUndefined();
      expect(await sessions.rotate(null, 'third', 'fourth', until(LATER, 1000), NOW + 1000)).toBeUndefined();
      expect(await sessions.rotate(null, 'third', 'fourth', until(LATER, 1001), NOW + 1000)).toEqual(authenticated());
    });

    it('for no unknown token', async () => {
      expect(await adapters.sessions.rotate(null, 'unknown', 'second', until(LATER), NOW)).toBeUndefined();
    });

    it('once, of many at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, () => adapters.sessions.rotate(null, 'first', 'second', until(LATER), NOW)),
      );
      expect(outcomes.filter((outcome) => outcome !== undefined)).toEqual([authenticated()]);
    });

    it('and are found by the rotation for as long as it is asked for', async () => {
      const { sessions } = adapters;
      const found = (presented: string, successors: readonly string[], since: number, now = NOW) =>
        sessions.findRotatedSince(null, presented, successors, since, MAX_AGE_MS, now);
      await sessions.rotate(null, 'first', 'second', until(LATER), NOW);
      const rotated = { ...authenticated(), tokenHash: 'second' };
      expect(await found('first', ['of an older key', 'second'], NOW - 1)).toEqual(rotated);
      expect(await found('first', ['second'], NOW)).toBeUndefined();
      expect(await found('first', ['another'], NOW - 1)).toBeUndefined();
      expect(await found('first', [], NOW - 1)).toBeUndefined();
      expect(await found('second', ['second'], NOW - 1)).toBeUndefined();
      expect(await found('first', ['second'], NOW - 1, LATER)).toBeUndefined();
      await sessions.rotate(null, 'second', 'third', until(LATER), NOW);
      expect(await found('first', ['second', 'third'], NOW - 1)).toBeUndefined();
      expect(await found('second', ['third'], NOW - 1)).toEqual({ ...authenticated(), tokenHash: 'third' });
      await sessions.end(holder(), acting(ann.id));
      expect(await found('second', ['third'], NOW - 1)).toBeUndefined();
    });
  });

  describe('end', () => {
    it('by their current token, with their owner as the actor', async () => {
      const { sessions } = adapters;
      await sessions.rotate(null, 'first', 'second', until(LATER), NOW);
      expect(await sessions.endByToken(null, 'first', nobody())).toBe(false);
      expect(await isLive()).toBe(true);
      expect(await sessions.endByToken(null, 'second', nobody())).toBe(true);
      expect(await isLive()).toBe(false);
      const event = { ...CLIENT, at: NOW, action: 'session.ended', actorId: ann.id, accountId: ann.id };
      expect(await lastEvent(adapters, {})).toEqual({ ...event, detail: { session_id: session.id } });
    });

    it('for reuse, by any of a family’s tokens that is current', async () => {
      const { sessions } = adapters;
      expect(await sessions.revokeByReuse(null, [], OLDER, nobody())).toBe(false);
      expect(await sessions.revokeByReuse(null, ['second', 'third'], OLDER, nobody())).toBe(false);
      expect(await isLive()).toBe(true);
      expect(await sessions.revokeByReuse(null, ['second', 'first'], OLDER, nobody())).toBe(true);
      expect(await isLive()).toBe(false);
      const detail = { session_id: session.id };
      expect(await revokedAs()).toEqual([{ action: 'session.reuse_detected', actorId: null, detail }]);
    });

    it('for reuse, unless the token is the current one', async () => {
      const { sessions } = adapters;
      expect(await sessions.revokeUnlessCurrent(null, session.id, 'first', nobody())).toBe(false);
      expect(await sessions.revokeUnlessCurrent(null, crypto.randomUUID(), 'older', nobody())).toBe(false);
      expect(await isLive()).toBe(true);
      expect(await sessions.revokeUnlessCurrent(null, session.id, 'older', nobody())).toBe(true);
      expect(await isLive()).toBe(false);
      expect(await revokedAs()).toMatchObject([{ action: 'session.reuse_detected' }]);
    });

    it('once: a refused refresh of one that has ended is recorded, at most once a minute', async () => {
      const { sessions } = adapters;
      const refused = { tokenHash: 'first', by: 'refresh' } as const;
      await sessions.revokeByReuse(null, [], refused, nobody());
      await sessions.revokeUnlessCurrent(null, session.id, 'first', nobody(), refused);
      await sessions.end(holder(), acting(ann.id));
      await sessions.revokeByReuse(null, [], { ...refused, by: 'logout' }, nobody());
      await sessions.revokeUnlessCurrent(null, session.id, 'older', nobody());
      const refusals = async () => (await actionsOf(adapters, ann.id)).filter((action) => action === 'refresh.refused');
      expect(await refusals()).toEqual([]);
      expect(await sessions.revokeByReuse(null, [], refused, nobody())).toBe(false);
      expect(await lastEvent(adapters, {})).toEqual({
        ...CLIENT,
        at: NOW,
        action: 'refresh.refused',
        actorId: null,
        accountId: ann.id,
        detail: { session_id: session.id, reason: 'session_ended' },
      });
      await sessions.revokeUnlessCurrent(null, session.id, 'older', nobody(NOW + MINUTE_MS - 1), refused);
      expect(await refusals()).toHaveLength(1);
      await sessions.revokeUnlessCurrent(null, session.id, 'older', nobody(NOW + MINUTE_MS), refused);
      expect(await refusals()).toHaveLength(2);
    });

    it.each<[string, () => Promise<number>]>([
      ['expired', async () => session.expiresAt],
      [
        'account_deactivated',
        async () => {
          await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
          return NOW;
        },
      ],
    ])('once: a refused refresh is recorded as %s', async (reason, end) => {
      const now = await end();
      const refused = { tokenHash: 'first', by: 'refresh' } as const;
      await adapters.sessions.revokeByReuse(null, [], refused, nobody(now));
      expect(await lastEvent(adapters, {})).toMatchObject({ action: 'refresh.refused', detail: { reason } });
    });

    it('never for reuse where they have no refresh token', async () => {
      const { id } = await openSession(adapters, ann);
      expect(await adapters.sessions.revokeUnlessCurrent(null, id, 'older', nobody())).toBe(false);
      expect(await isLive(id)).toBe(true);
    });

    it('at a logout, for their own account alone', async () => {
      const { sessions } = adapters;
      expect(await sessions.end({ ...holder(), accountId: boss.id }, acting(boss.id))).toBe(false);
      expect(await isLive()).toBe(true);
      expect(await sessions.end(holder(), acting(ann.id))).toBe(true);
      expect(await isLive()).toBe(false);
      const detail = { session_id: session.id };
      expect(await revokedAs()).toEqual([{ action: 'session.ended', actorId: ann.id, detail }]);
    });

    it('once, of many at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => adapters.sessions.end(holder(), acting(ann.id))),
      );
      expect(outcomes.filter(Boolean)).toHaveLength(1);
      expect(await revokedAs()).toHaveLength(1);
    });
  });

  it('are listed with those used last first', async () => {
    const early = await openSession(adapters, ann, {}, NOW - 2);
    const late = await openSession(adapters, ann, { expiresAt: LATER + 1 }, NOW + 2);
    await openSession(adapters, boss);
    const listed = await adapters.sessions.list(ann.id, NOW + 2);
    expect(listed.map(({ id }) => id)).toEqual([late.id, session.id, early.id]);
    expect(listed[0]).toEqual({
      id: late.id,
      kind: 'session',
      createdAt: NOW + 2,
      lastUsedAt: NOW + 2,
      expiresAt: LATER + 1,
      ...CLIENT,
    });
  });

  it('are listed up to 500', async () => {
    const { id } = await newAccount(adapters);
    await adapters.addSessions(id, 501, NOW + DAY_MS);
    expect(await adapters.sessions.list(id, NOW)).toHaveLength(500);
  });

  describe('are revoked', () => {
    it('one by one, with the reason', async () => {
      const other = await openSession(adapters, ann);
      expect(await adapters.sessions.revoke(holder(), 'by_admin', administering(boss.id))).toBe('revoked');
      expect([await isLive(), await isLive(other.id)]).toEqual([false, true]);
      const detail = { session_id: session.id, reason: 'by_admin' };
      expect(await revokedAs()).toEqual([{ action: 'session.revoked', actorId: boss.id, detail }]);
    });

    it('all but one, or all, of one account', async () => {
      const [other, bosss] = [await openSession(adapters, ann), await openSession(adapters, boss)];
      const { sessions } = adapters;
      expect(await sessions.revokeAll(ann.id, session.id, 'by_owner', acting(ann.id))).toBe('revoked');
      expect([await isLive(), await isLive(other.id), await isLive(bosss.id)]).toEqual([true, false, true]);
      expect(await sessions.revokeAll(ann.id, null, 'by_admin', administering(boss.id))).toBe('revoked');
      expect([await isLive(), await isLive(bosss.id)]).toEqual([false, true]);
      expect(await revokedAs()).toHaveLength(2);
    });

    it('all of very many, with one event that counts them', async () => {
      const bob = await newAccount(adapters);
      await adapters.addSessions(bob.id, 101, LATER);
      const kept = await openSession(adapters, bob);
      expect(await adapters.sessions.revokeAll(bob.id, kept.id, 'by_owner', acting(bob.id))).toBe('revoked');
      expect((await adapters.sessions.list(bob.id, NOW)).map(({ id }) => id)).toEqual([kept.id]);
      const { items } = await adapters.auditTrail.page({ action: 'session.revoked' }, undefined, 9);
      expect(items.map(({ detail }) => detail)).toEqual([{ reason: 'by_owner', count: 101 }]);
    });

    it('the acting session included', async () => {
      const audit = acting(ann.id, { sessionId: session.id });
      expect(await adapters.sessions.revoke(holder(), 'by_owner', audit)).toBe('revoked');
      expect(await adapters.sessions.revoke(holder(), 'by_owner', audit)).toMatchObject({ refused: 'token_revoked' });
    });

    it('for the account that they are of', async () => {
      const asBosss = { ...holder(), accountId: boss.id };
      expect(await adapters.sessions.revoke(asBosss, 'by_owner', acting(boss.id))).toMatchObject({
        refused: 'session_not_found',
      });
      expect(await isLive()).toBe(true);
    });

    it('by no authority that has ended', async () => {
      const { sessions } = adapters;
      const bob = await newAccount(adapters);
      const gone = administering(boss.id, { sessionId: crypto.randomUUID() });
      for (const [audit, refused] of [
        [gone, 'token_revoked'],
        [administering(bob.id), 'forbidden'],
      ] as const) {
        expect(await sessions.revoke(holder(), 'by_admin', audit)).toMatchObject({ refused });
        expect(await sessions.revokeAll(ann.id, null, 'by_admin', audit)).toMatchObject({ refused });
      }
      expect(await isLive()).toBe(true);
      expect(await revokedAs()).toEqual([]);
    });
  });
});
