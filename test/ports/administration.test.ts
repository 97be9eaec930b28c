// The contract of Administration: role and status change together, with their events, and an admin always remains.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { AccountFilter, RoleAndStatus } from '../../src/domain/accounts/administration.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('administration %s', (_, fresh) => {
  let adapters: Adapters;
  let boss: Account;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    boss = await newAdmin(adapters);
    ann = await newAccount(adapters);
  });

  const change = (id: number, wanted: RoleAndStatus, audit = administering(boss.id, { now: NOW + 1 })) =>
    adapters.administration.change(id, wanted, audit);

  /** The ids of every account of a list, read in pages of two. */
  async function listed(filter: AccountFilter): Promise<readonly number[]> {
    const ids: number[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await adapters.administration.list(filter, after, 2);
      expect(items.length).toBeLessThanOrEqual(2);
      ids.push(...items.map(({ id }) => id));
      after = next;
    } while (after !== undefined);
    return ids;
  }

  describe('finds', () => {
    it('an account, active or not', async () => {
      await change(ann.id, { active: false });
      expect(await adapters.administration.find(ann.id)).toEqual({ ...ann, active: false, updatedAt: NOW + 1 });
      expect(await adapters.administration.find(ann.id + 1000)).toBeUndefined();
    });

    it('accounts page by page, newest first, by role and status', async () => {
      const others = [await newAccount(adapters), await newAccount(adapters), await newAdmin(adapters)].map(
        ({ id }) => id,
      );
      await change(others[0] ?? 0, { active: false });
      const [inactive, user, admin] = others;
      expect(await listed({})).toEqual([admin, user, inactive, ann.id, boss.id]);
      expect(await listed({ role: 'admin' })).toEqual([admin, boss.id]);
      expect(await listed({ active: true })).toEqual([admin, user, ann.id, boss.id]);
      expect(await listed({ active: false })).toEqual([inactive]);
      expect(await listed({ role: 'admin', active: false })).toEqual([]);
      expect(await listed({ role: 'user', active: true })).toEqual([user, ann.id]);
    });

    it('accounts by the start of a name, in any case and in the order of the names', async () => {
      const make = async (username: string | null, email: string | null) =>
        (await newAccount(adapters, { username, email })).id;
      const [zed, mail, both, name] = [
        await make('Zed', 'q-zed@example.com'),
        await make(null, 'Q-anna@example.com'),
        await make('q-both', 'q-both@example.com'),
        await make('Q-Claire', null),
      ];
      await make('not q-', null);
      expect(await listed({ q: 'q-' })).toEqual([mail, both, name, zed]);
      expect(await listed({ q: 'Q-B' })).toEqual([both]);
      expect(await listed({ q: 'q-%' })).toEqual([]);
      await change(both, { active: false });
      expect(await listed({ q: 'q-', active: true })).toEqual([mail, name, zed]);
      expect(await listed({ q: 'q-', role: 'admin' })).toEqual([]);
    });

    it('the names of accounts: the email, or else the username', async () => {
      const { id } = await newAccount(adapters, { username: 'Only', email: null });
      expect(await adapters.administration.names([ann.id, id, id + 1000])).toEqual(
        new Map([
          [ann.id, ann.email],
          [id, 'Only'],
        ]),
      );
      expect(await adapters.administration.names([])).toEqual(new Map());
    });
  });

  describe('changes', () => {
    it('a role, with an event that has both', async () => {
      expect(await change(ann.id, { role: 'admin' })).toEqual({ ...ann, role: 'admin', updatedAt: NOW + 1 });
      expect(await lastEvent(adapters, { accountId: ann.id })).toEqual({
        ...CLIENT,
        at: NOW + 1,
        action: 'account.role_changed',
        actorId: boss.id,
        accountId: ann.id,
        detail: { from: 'user', to: 'admin' },
      });
    });

    it('a status, and ends every session of an account that it deactivates', async () => {
      const [one, other] = [await openSession(adapters, ann), await openSession(adapters, ann)];
      expect(await change(ann.id, { active: false })).toMatchObject({ active: false });
      const revoked = await adapters.auditTrail.page({ accountId: ann.id, action: 'session.revoked' }, undefined, 9);
      expect(revoked.items.map(({ detail, actorId }) => ({ detail, actorId }))).toEqual(
        expect.arrayContaining(
          [one, other].map(({ id }) => ({
            detail: { session_id: id, reason: 'account_deactivated' },
            actorId: boss.id,
          })),
        ),
      );
      expect(revoked.items).toHaveLength(2);
      expect(await change(ann.id, { active: true })).toMatchObject({ active: true });
      for (const { id } of [one, other]) expect(await adapters.sessions.findLive(id, NOW)).toBeUndefined();
      expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
      const actions = await actionsOf(adapters, ann.id);
      expect(actions.filter((action) => action.startsWith('account.'))).toEqual([
        'account.registered',
        'account.deactivated',
        'account.activated',
      ]);
    });

    it('both at once', async () => {
      expect(await change(ann.id, { role: 'admin', active: false })).toMatchObject({ role: 'admin', active: false });
      expect(await actionsOf(adapters, ann.id)).toEqual(
        expect.arrayContaining(['account.role_changed', 'account.deactivated']),
      );
    });

    it('nothing where nothing differs, and records nothing', async () => {
      for (const wanted of [{}, { role: 'user' }, { active: true }, { role: 'user', active: true }] as const)
        expect(await change(ann.id, wanted)).toEqual(ann);
      expect(await actionsOf(adapters, ann.id)).toEqual(['account.registered']);
    });

    it('the acting admin, sessions included, where another remains', async () => {
      const other = await newAdmin(adapters);
      const session = await openSession(adapters, boss);
      const audit = administering(boss.id, { sessionId: session.id });
      expect(await change(boss.id, { active: false }, audit)).toMatchObject({ active: false });
      expect(await adapters.sessions.findLive(session.id, NOW)).toBeUndefined();
      expect(await change(other.id, { role: 'user' }, administering(other.id))).toMatchObject({
        refused: 'last_admin',
      });
    });
  });

  describe('refuses', () => {
    it.each<RoleAndStatus>([
      { role: 'user' },
      { active: false },
      { role: 'user', active: true },
      { role: 'admin', active: false },
      { role: 'user', active: false },
    ])('to make the last active admin %j, and changes nothing', async (wanted) => {
      const inactive = await newAdmin(adapters);
      await change(inactive.id, { active: false });
      const session = await openSession(adapters, boss);
      expect(await change(boss.id, wanted)).toMatchObject({ refused: 'last_admin' });
      expect(await adapters.administration.find(boss.id)).toMatchObject({ role: 'admin', active: true });
      expect(await adapters.sessions.findLive(session.id, NOW)).toBeDefined();
      expect(await actionsOf(adapters, boss.id)).toEqual(['account.registered', 'login.succeeded']);
    });

    it('one of two admins who demote each other', async () => {
      const other = await newAdmin(adapters);
      const outcomes = await Promise.all([
        change(other.id, { role: 'user' }, administering(boss.id)),
        change(boss.id, { role: 'user' }, administering(other.id)),
      ]);
      expect(outcomes.filter((outcome) => 'refused' in outcome)).toHaveLength(1);
      expect(await listed({ role: 'admin', active: true })).toHaveLength(1);
    });

    it('an account that is not there', async () => {
      expect(await change(ann.id + 1000, { role: 'admin' })).toMatchObject({ refused: 'account_not_found' });
    });

    it('a former admin, or one without a live session, and changes nothing', async () => {
      const session = await openSession(adapters, boss);
      await adapters.sessions.end({ accountId: boss.id, sessionId: session.id }, acting(boss.id));
      const ended = administering(boss.id, { sessionId: session.id });
      const bob = await newAccount(adapters);
      for (const [audit, refused] of [
        [ended, 'token_revoked'],
        [administering(bob.id), 'forbidden'],
        [administering(bob.id + 1000), 'token_revoked'],
      ] as const) {
        expect(await change(ann.id, { role: 'admin', active: false }, audit)).toMatchObject({ refused });
        expect(await change(ann.id + 1000, { role: 'admin' }, audit)).toMatchObject({ refused });
      }
      expect(await adapters.administration.find(ann.id)).toEqual(ann);
      expect(await actionsOf(adapters, ann.id)).toEqual(['account.registered']);
    });
  });
});
