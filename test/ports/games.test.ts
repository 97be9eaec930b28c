// The contract of Games: the score at an offset is the score of the last stamp at or before it.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { Stamp } from '../../src/domain/games/game.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, administering } from '../support/domain/contexts.ts';
import { recorded } from '../support/games.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const at = (offset: number, home: number, away: number): Stamp => ({ offset, score: { home, away } });
const QUOTA = 10;
const STAMPS = [at(3, 0, 0), at(4, 1, 0), at(9, 1, 0), at(20, 1, 1), at(21, 1, 0), at(30, 1, 0)];

describe.each(ADAPTERS)('games %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  async function added(stamps: readonly Stamp[] = STAMPS, owner = ann) {
    const game = await adapters.games.add(recorded(stamps), QUOTA, acting(owner.id));
    if (isRefusal(game)) throw new Error(game.refused);
    return game;
  }

  it('are added, and found with their final score', async () => {
    const game = await added();
    expect(game).toEqual({ id: game.id, stamps: 6, changes: 4, firstOffset: 3, lastOffset: 30, ownerId: ann.id });
    expect(await adapters.games.get(game.id)).toEqual({ ...game, score: { home: 1, away: 0 } });
    expect(await adapters.games.get(game.id + 1000)).toBeUndefined();
  });

  it('know the score at an offset, each its own', async () => {
    const [{ id }, other] = [await added(), await added([at(0, 5, 5)])];
    const scores = await Promise.all([3, 4, 19, 20, 21, 30, 1e9].map((offset) => adapters.games.scoreAt(id, offset)));
    expect(scores.map((score) => ('home' in score ? `${score.home}:${score.away}` : score.refused))).toEqual([
      '0:0',
      '1:0',
      '1:0',
      '1:1',
      '1:0',
      '1:0',
      '1:0',
    ]);
    expect(await adapters.games.scoreAt(other.id, 20)).toEqual({ home: 5, away: 5 });
    expect(await adapters.games.scoreAt(id, 2)).toMatchObject({ refused: 'before_first_stamp' });
    expect(await adapters.games.scoreAt(id + 1000, 2)).toMatchObject({ refused: 'game_not_found' });
  });

  it('keep every change of a long one', async () => {
    const stamps = Array.from({ length: 2500 }, (__, index) => at(index * 2, index, 0));
    const { id } = await added(stamps);
    for (const index of [0, 999, 1000, 1999, 2000, 2499])
      expect(await adapters.games.scoreAt(id, index * 2 + 1)).toEqual({ home: index, away: 0 });
  });

  it('are as many as the quota for one account, and any number for an admin', async () => {
    const boss = await newAdmin(adapters);
    const add = (owner: Account) => adapters.games.add(recorded(STAMPS), 1, acting(owner.id));
    const { id } = await added();
    expect(await add(ann)).toMatchObject({ refused: 'quota_exceeded' });
    await added(STAMPS, boss);
    expect(await add(boss)).toMatchObject({ ownerId: boss.id });
    await adapters.games.remove(id, acting(ann.id));
    expect(await add(ann)).toMatchObject({ ownerId: ann.id });
  });

  it('are removed by their owner and by admins', async () => {
    const [boss, bob] = [await newAdmin(adapters), await newAccount(adapters)];
    const [one, other] = [await added(), await added()];
    expect(await adapters.games.remove(one.id, acting(bob.id))).toMatchObject({ refused: 'forbidden' });
    const ended = acting(ann.id, { sessionId: crypto.randomUUID() });
    expect(await adapters.games.remove(one.id, ended)).toMatchObject({ refused: 'token_revoked' });
    expect(await adapters.games.get(one.id)).toBeDefined();
    expect(await adapters.games.remove(one.id, acting(ann.id))).toBe('removed');
    expect(await adapters.games.remove(one.id, acting(ann.id))).toMatchObject({ refused: 'game_not_found' });
    expect(await adapters.games.get(one.id)).toBeUndefined();
    expect(await adapters.games.scoreAt(one.id, 20)).toMatchObject({ refused: 'game_not_found' });
    expect(await adapters.games.remove(other.id, acting(boss.id))).toBe('removed');
  });

  it('leave with their owner’s account', async () => {
    const { id } = await added();
    await adapters.accounts.remove(ann.id, acting(ann.id));
    expect(await adapters.games.get(id)).toBeUndefined();
  });

  it('are added by no authority that has ended', async () => {
    const revoked = { refused: 'token_revoked' };
    const ended = acting(ann.id, { sessionId: crypto.randomUUID() });
    expect(await adapters.games.add(recorded(STAMPS), QUOTA, ended)).toMatchObject(revoked);
    const boss = await newAdmin(adapters);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await adapters.games.add(recorded(STAMPS), QUOTA, acting(ann.id))).toMatchObject(revoked);
  });
});
