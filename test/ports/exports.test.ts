// The contracts of AccountExports and OwnData: all accounts for an admin, and all that is stored of one for its owner.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { HASH, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, DAY_MS, NOW } from '../support/domain/contexts.ts';
import { newThing } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const WITH_HASHES = { hashes: true, event: 'recorded' } as const;

describe.each(ADAPTERS)('exports %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, boss] = [await newAccount(adapters), await newAdmin(adapters)];
  });

  describe('of all accounts', () => {
    const page = async (after?: string, options: Parameters<Adapters['accountExports']['page']>[1] = WITH_HASHES) => {
      const exported = await adapters.accountExports.page(after, options, administering(boss.id));
      if (isRefusal(exported)) throw new Error(exported.refused);
      return exported;
    };

    it('have each with its password and the tokens of its live sessions, and are on record', async () => {
      await openSession(adapters, ann, { kind: 'refresh', tokenHash: 'a token' });
      await openSession(adapters, ann, { kind: 'refresh', tokenHash: 'an expired one', expiresAt: NOW });
      await openSession(adapters, ann);
      await adapters.removePassword(boss.id);
      const refreshTokens = [{ hash: 'a token', expiresAt: NOW + DAY_MS }];
      const { items, next } = await page();
      expect(items).toEqual([
        { account: ann, passwordHash: HASH, refreshTokens },
        { account: boss, passwordHash: null, refreshTokens: [] },
      ]);
      expect(next).toBeUndefined();
      const detail = { hashes: true, after: 0, accounts: 2 };
      expect(await lastEvent(adapters, {})).toMatchObject({ action: 'accounts.exported', accountId: null, detail });
    });

    it('go on behind an account', async () => {
      expect((await page(String(ann.id))).items.map(({ account }) => account)).toEqual([boss]);
      expect(await lastEvent(adapters, {})).toMatchObject({ detail: { after: ann.id, accounts: 1 } });
      expect((await page(String(boss.id))).items).toEqual([]);
    });

    it('have no hashes where none are asked for, and no event for a HEAD', async () => {
      await openSession(adapters, ann, { kind: 'refresh', tokenHash: 'a token' });
      const { items } = await page(undefined, { hashes: false, event: 'unrecorded' });
      expect(items[0]).toEqual({ account: ann, passwordHash: null, refreshTokens: [] });
      expect(await lastEvent(adapters, { action: 'accounts.exported' })).toEqual({});
    });

    it('are an admin’s, whose authority holds', async () => {
      for (const [audit, refused] of [
        [administering(ann.id), 'forbidden'],
        [acting(boss.id, { sessionId: 'none' }), 'token_revoked'],
      ] as const)
        expect(await adapters.accountExports.page(undefined, WITH_HASHES, audit)).toMatchObject({ refused });
      expect(await lastEvent(adapters, { action: 'accounts.exported' })).toEqual({});
    });
  });

  describe('of an account’s own data', () => {
    it('begin with the account and the networks that signed in to it, and are on record', async () => {
      await openSession(adapters, ann);
      const networks = [{ network: CLIENT.ip, lastAt: NOW }];
      expect(await adapters.ownData.begin('recorded', acting(ann.id))).toEqual({
        account: ann,
        hasPassword: true,
        networks,
      });
      expect(await lastEvent(adapters, {})).toMatchObject({ action: 'accounts.exported', accountId: ann.id });
      await adapters.removePassword(boss.id);
      const own = await adapters.ownData.begin('unrecorded', acting(boss.id));
      expect(own).toEqual({ account: boss, hasPassword: false, networks: [] });
      expect(await lastEvent(adapters, { accountId: boss.id })).not.toMatchObject({ action: 'accounts.exported' });
      const ended = acting(ann.id, { sessionId: 'none' });
      expect(await adapters.ownData.begin('recorded', ended)).toMatchObject({ refused: 'token_revoked' });
    });

    it('have sessions, ended ones too, page by page', async () => {
      const { id } = await openSession(adapters, ann);
      await openSession(adapters, boss);
      await adapters.sessions.end({ accountId: ann.id, sessionId: id }, acting(ann.id));
      const session = { id, kind: 'session', ...CLIENT, createdAt: NOW, lastUsedAt: NOW, expiresAt: NOW + DAY_MS };
      const { items } = await adapters.ownData.sessions(ann.id, undefined);
      expect(items).toEqual([{ ...session, revokedAt: NOW }]);
      await adapters.addSessions(ann.id, 150, NOW + DAY_MS);
      const first = await adapters.ownData.sessions(ann.id, undefined);
      const second = await adapters.ownData.sessions(ann.id, first.next);
      const ids = [...first.items, ...second.items].map((each) => each.id);
      expect([new Set(ids).size, second.next]).toEqual([151, undefined]);
    });

    it('have entities and events, the oldest first', async () => {
      const things = [await newThing(adapters, ann.id), await newThing(adapters, ann.id, { visibility: 'private' })];
      await newThing(adapters, boss.id);
      expect(await adapters.ownData.entities(ann.id, undefined)).toEqual({ items: things, next: undefined });
      const [one] = things;
      expect((await adapters.ownData.entities(ann.id, String(one?.id))).items).toEqual(things.slice(1));
      await openSession(adapters, ann);
      const { items } = await adapters.ownData.events(ann.id, undefined);
      expect(items.map(({ action }) => action)).toEqual(['account.registered', 'login.succeeded']);
      expect((await adapters.ownData.events(ann.id, String(items[0]?.id))).items).toEqual(items.slice(1));
    });

    it('have games, and the scores of all of them', async () => {
      const changes = [
        { offset: 3, score: { home: 0, away: 0 } },
        { offset: 9, score: { home: 1, away: 0 } },
      ];
      const game = { stamps: 5, firstOffset: 3, lastOffset: 12 };
      const added = await adapters.games.add({ ...game, changes }, 9, acting(ann.id));
      await adapters.games.add({ ...game, changes }, 9, acting(boss.id));
      const id = 'id' in added ? added.id : 0;
      const games = { items: [{ id, createdAt: NOW, ...game }], next: undefined };
      expect(await adapters.ownData.games(ann.id, undefined)).toEqual(games);
      expect((await adapters.ownData.games(ann.id, String(id))).items).toEqual([]);
      expect((await adapters.ownData.scores(ann.id, undefined)).items).toEqual([
        { gameId: id, offset: 3, home: 0, away: 0 },
        { gameId: id, offset: 9, home: 1, away: 0 },
      ]);
    });
  });
});
