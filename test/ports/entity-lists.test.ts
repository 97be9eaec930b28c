// The contract of Entities as lists: what a reader may see, filtered and sorted, each once, page by page.
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { type EntityFilters, SORT_KEYS, type Sort } from '../../src/domain/entities/query.ts';
import { searchTerms } from '../../src/domain/entities/search-terms.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, administering, NOW } from '../support/domain/contexts.ts';
import { newThing, readerOf } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('lists of entities %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let bob: Account;
  let boss: Account;
  beforeAll(async () => {
    adapters = await fresh();
    [ann, bob, boss] = [await newAccount(adapters), await newAccount(adapters), await newAdmin(adapters)];
    const things = [
      [ann, { code: 'c', type: 'hat', quantity: 5, attributes: { colour: 'Red', size: 7 } }],
      [bob, { code: 'a', type: 'shoe', quantity: 5, attributes: { colour: ['blue', 'red'] } }],
      [ann, { code: 'B', type: 'hat', quantity: 2, visibility: 'private', attributes: { note: 'red hat' } }],
      [bob, { code: 'e', type: 'shoe', quantity: 9, visibility: 'private' }],
      [ann, { code: 'd', type: 'shoe', quantity: 0, attributes: { deep: { deeper: 'Wool-mix, 100%' } } }],
      [boss, { code: 'f', type: 'hat', quantity: 5, attributes: { colour: 'green' } }],
    ] as const;
    let now = NOW;
    for (const [owner, fields] of things) {
      await newThing(adapters, owner.id, fields, now);
      now += 1;
    }
    await adapters.entities.change({ code: 'c' }, { quantity: 5 }, 'any', acting(ann.id, { now }));
  });

  /** The codes of a list, read in pages of two. */
  async function listed(filters: EntityFilters, reader?: Account, sort: Sort = { key: 'id', descending: false }) {
    const codes: string[] = [];
    let after: string | undefined;
    do {
      const { items, next } = await adapters.entities.list({ ...filters, sort, limit: 2, after }, readerOf(reader?.id));
      expect(items.length).toBeLessThanOrEqual(2);
      codes.push(...items.map(({ code }) => code));
      after = next;
    } while (after !== undefined);
    return codes.join('');
  }

  it('show public entities, and private ones to their owner and to admins', async () => {
    expect(await listed({})).toBe('cadf');
    expect(await listed({}, bob)).toBe('caedf');
    expect(await listed({}, ann)).toBe('caBdf');
    expect(await listed({}, boss)).toBe('caBedf');
  });

  it.each([
    ['id', 'caBedf'],
    ['created_at', 'caBedf'],
    ['code', 'Bacdef'],
    ['quantity', 'dBcafe'],
    ['updated_at', 'aBedfc'],
  ] as const)('are sorted by %s, then by id, either way', async (key, codes) => {
    expect(await listed({}, boss, { key, descending: false })).toBe(codes);
    expect(await listed({}, boss, { key, descending: true })).toBe([...codes].reverse().join(''));
  });

  it.each<[EntityFilters, string, string, string]>([
    [{ type: 'hat' }, 'cf', 'cBf', 'cBf'],
    [{ type: 'none' }, '', '', ''],
    [{ code: 'B' }, '', 'B', 'B'],
    [{ code: 'b' }, '', '', ''],
    [{ code: 'c', type: 'shoe' }, '', '', ''],
    [{ code: 'c', terms: ['red'] }, 'c', 'c', 'c'],
    [{ code: 'c', terms: ['blue'] }, '', '', ''],
    [{ terms: ['red'] }, 'ca', 'caB', 'caB'],
    [{ terms: ['red', 'blue'] }, 'a', 'a', 'a'],
    [{ terms: ['hat'] }, 'cf', 'cBf', 'cBf'],
    [{ terms: ['hat'], type: 'hat', minQuantity: 3 }, 'cf', 'cf', 'cf'],
    [{ terms: ['shoe'], maxQuantity: 5 }, 'ad', 'ad', 'ad'],
    [{ terms: ['7'] }, 'c', 'c', 'c'],
    [{ terms: searchTerms('WOOL-mix, mix') }, 'd', 'd', 'd'],
    [{ terms: ['woo'] }, '', '', ''],
  ])('show for %j what matches, to anybody, the owner and an admin', async (filters, anybody, owner, admin) => {
    expect([await listed(filters), await listed(filters, ann), await listed(filters, boss)]).toEqual([
      anybody,
      owner,
      admin,
    ]);
  });

  it('show the entities of one owner', async () => {
    const by = { key: 'updated_at', descending: true } as const;
    const lists = [undefined, bob, ann, boss].map((reader) => listed({ ownerId: ann.id }, reader, by));
    expect(await Promise.all(lists)).toEqual(['cd', 'cd', 'cdB', 'cdB']);
    expect(await listed({ ownerId: ann.id, type: 'hat' }, ann)).toBe('cB');
    expect(await listed({ ownerId: boss.id + 1000 }, boss)).toBe('');
  });

  it.each([
    [{ minQuantity: 3 }, 'cafe'],
    [{ maxQuantity: 4 }, 'dB'],
    [{ minQuantity: 2, maxQuantity: 5 }, 'Bcaf'],
    [{ minQuantity: 5, maxQuantity: 5 }, 'caf'],
    [{ minQuantity: 6, maxQuantity: 5 }, ''],
    [{ type: 'hat', minQuantity: 3 }, 'cf'],
  ])('show the quantities of %j, in their order', async (filters, codes) => {
    expect(await listed(filters, boss, { key: 'quantity', descending: false })).toBe(codes);
    const reversed = [...codes].reverse().join('');
    expect(await listed(filters, boss, { key: 'quantity', descending: true })).toBe(reversed);
  });
});

describe.each(ADAPTERS)('lists of entities %s that change meanwhile', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  it.each(SORT_KEYS)('go on after a position, sorted by %s, though its entity was deleted', async (key) => {
    for (const code of ['a', 'b', 'c', 'd']) await newThing(adapters, ann.id, { code });
    const query = { sort: { key, descending: false }, limit: 2 };
    const first = await adapters.entities.list(query, undefined);
    for (const code of ['a', 'b']) await adapters.entities.remove({ code }, 'any', acting(ann.id));
    const second = await adapters.entities.list({ ...query, after: first.next }, undefined);
    expect([...first.items, ...second.items].map(({ code }) => code)).toEqual(['a', 'b', 'c', 'd']);
    expect(second.next).toBeUndefined();
  });

  it('show a reader who is deactivated what anybody sees', async () => {
    const boss = await newAdmin(adapters);
    await newThing(adapters, ann.id, { code: 'p', visibility: 'private' });
    await newThing(adapters, ann.id, { code: 'q' });
    const sort = { key: 'id', descending: false } as const;
    const listed = async (filters: EntityFilters) =>
      (await adapters.entities.list({ ...filters, sort, limit: 9 }, readerOf(ann.id))).items
        .map(({ code }) => code)
        .join('');
    const lists: readonly EntityFilters[] = [{}, { ownerId: ann.id }, { type: 'thing' }, { terms: ['thing'] }];
    expect(await Promise.all(lists.map(listed))).toEqual(['pq', 'pq', 'pq', 'pq']);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await Promise.all(lists.map(listed))).toEqual(['q', 'q', 'q', 'q']);
  });
});
