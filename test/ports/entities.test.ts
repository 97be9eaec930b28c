// The contract of Entities: the statement that reads or writes one checks the right and the version.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { Entity } from '../../src/domain/entities/entity.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, NOW } from '../support/domain/contexts.ts';
import { newThing, QUOTA, readerOf, thingFields } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('entities %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let bob: Account;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, bob, boss] = [await newAccount(adapters), await newAccount(adapters), await newAdmin(adapters)];
  });

  const deactivate = ({ id }: Account) => adapters.administration.change(id, { active: false }, administering(boss.id));
  /** Acts with a session that has ended. */
  const ended = ({ id }: Account) => acting(id, { sessionId: crypto.randomUUID() });
  const fields = ({ id: _id, version: _version, ownerId, createdAt, updatedAt, ...rest }: Entity) => rest;

  describe('are read', () => {
    it('by anybody where they are public, by id and by code', async () => {
      const thing = await newThing(adapters, ann.id);
      for (const reader of [undefined, ann.id, bob.id, boss.id, bob.id + 1000])
        for (const name of [{ id: thing.id }, { code: thing.code }])
          expect(await adapters.entities.find(name, readerOf(reader))).toEqual(thing);
      for (const name of [{ id: thing.id + 1000 }, { code: thing.code.toLowerCase() }])
        expect(await adapters.entities.find(name, readerOf(ann.id))).toBeUndefined();
    });

    it('by their owner and admins alone where they are private', async () => {
      const thing = await newThing(adapters, ann.id, { visibility: 'private' });
      for (const name of [{ id: thing.id }, { code: thing.code }]) {
        for (const reader of [ann.id, boss.id]) {
          expect(await adapters.entities.find(name, readerOf(reader))).toEqual(thing);
          expect(await adapters.entities.findNow(name, readerOf(reader))).toEqual(thing);
        }
        for (const reader of [undefined, bob.id, bob.id + 1000])
          expect(await adapters.entities.find(name, readerOf(reader))).toBeUndefined();
        expect(await adapters.entities.findNow(name, readerOf(bob.id))).toBeUndefined();
      }
      await deactivate(ann);
      expect(await adapters.entities.findNow({ id: thing.id }, readerOf(ann.id))).toBeUndefined();
    });
  });

  describe('are added', () => {
    it('to the acting account, at version 1', async () => {
      const attributes = JSON.parse('{"__proto__":{"b":1,"a":[null]},"":0}');
      const wanted = thingFields({ attributes, visibility: 'private' });
      const added = await adapters.entities.add(wanted, QUOTA, acting(ann.id));
      if (isRefusal(added)) throw new Error(added.refused);
      const times = { createdAt: NOW, updatedAt: NOW };
      expect(added).toEqual({ ...wanted, id: added.id, ownerId: ann.id, version: 1, ...times });
      const found = await adapters.entities.findNow({ id: added.id }, readerOf(ann.id));
      expect(JSON.stringify(found?.attributes)).toBe(JSON.stringify(attributes));
    });

    it('with a code that no other has, in its very case', async () => {
      const { code } = await newThing(adapters, ann.id, { visibility: 'private' });
      const taken = await adapters.entities.add(thingFields({ code }), QUOTA, acting(bob.id));
      expect(taken).toMatchObject({ refused: 'code_taken' });
      expect(await newThing(adapters, bob.id, { code: code.toLowerCase() })).toMatchObject({ ownerId: bob.id });
    });

    it('with one code once, of many at once', async () => {
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, () => adapters.entities.add(thingFields({ code: 'same' }), QUOTA, acting(ann.id))),
      );
      expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(1);
    });

    it('never before one with a lower id, even if a clock goes back', async () => {
      await newThing(adapters, ann.id, {}, NOW + 5);
      expect(await newThing(adapters, ann.id, {}, NOW)).toMatchObject({ createdAt: NOW + 5, updatedAt: NOW + 5 });
    });

    it('by no authority that has ended', async () => {
      const wanted = thingFields();
      expect(await adapters.entities.add(wanted, QUOTA, ended(ann))).toMatchObject({ refused: 'token_revoked' });
      await deactivate(ann);
      expect(await adapters.entities.add(wanted, QUOTA, acting(ann.id))).toMatchObject({ refused: 'token_revoked' });
      expect(await adapters.entities.findNow({ code: wanted.code }, readerOf(boss.id))).toBeUndefined();
    });
  });

  it('are as many as the quota for one account, and any number for an admin', async () => {
    const add = (owner: Account) => adapters.entities.add(thingFields(), 2, acting(owner.id));
    const [first] = [await newThing(adapters, ann.id), await newThing(adapters, ann.id, { visibility: 'private' })];
    expect(await add(ann)).toMatchObject({ refused: 'quota_exceeded' });
    const taken = thingFields({ code: first.code });
    expect(await adapters.entities.add(taken, 2, acting(ann.id))).toMatchObject({ refused: 'quota_exceeded' });
    expect(await add(bob)).toMatchObject({ ownerId: bob.id });
    for (let made = 0; made < 3; made += 1) expect(await add(boss)).toMatchObject({ ownerId: boss.id });
    await adapters.entities.remove({ id: first.id }, 'any', acting(ann.id));
    expect(await add(ann)).toMatchObject({ ownerId: ann.id });
  });

  it('are on record where an admin writes those of others, and nowhere else', async () => {
    const { entities } = adapters;
    const [one, other] = [await newThing(adapters, ann.id), await newThing(adapters, boss.id)];
    await entities.change({ id: one.id }, { quantity: 7 }, 'any', acting(ann.id));
    await entities.change({ id: other.id }, { quantity: 7 }, 'any', acting(boss.id));
    await entities.change({ id: one.id }, { quantity: 8 }, [9], acting(boss.id));
    const events = async () => {
      const { items } = await adapters.auditTrail.page({}, undefined, 9);
      return items.filter(({ action }) => action.startsWith('entity.')).map(({ id: __, ...event }) => event);
    };
    expect(await events()).toEqual([]);
    const change = { code: 'another', quantity: 7, attributes: { a: 1 } };
    await entities.change({ id: one.id }, change, 'any', acting(boss.id));
    await entities.remove({ id: one.id }, 'any', acting(boss.id));
    const event = { ...CLIENT, at: NOW, actorId: boss.id, accountId: ann.id };
    const fields = ['code', 'attributes'];
    expect(await events()).toEqual([
      { ...event, action: 'entity.deleted', detail: { entity_id: one.id, code: 'another' } },
      { ...event, action: 'entity.changed', detail: { entity_id: one.id, code: one.code, fields } },
    ]);
  });

  describe('are changed', () => {
    it('in the given fields alone, and count the write', async () => {
      const thing = await newThing(adapters, ann.id, { attributes: { a: 1 } });
      const change = { quantity: 7, type: undefined, visibility: 'private' } as const;
      const changed = await adapters.entities.change(
        { code: thing.code },
        change,
        'any',
        acting(ann.id, { now: NOW + 1 }),
      );
      expect(changed).toEqual({ ...thing, quantity: 7, visibility: 'private', version: 2, updatedAt: NOW + 1 });
      expect(await adapters.entities.findNow({ id: thing.id }, readerOf(ann.id))).toEqual(changed);
    });

    it('by their owner and by admins, who do not become the owner', async () => {
      const thing = await newThing(adapters, ann.id, { visibility: 'private' });
      for (const writer of [ann, boss])
        expect(
          await adapters.entities.change({ id: thing.id }, { quantity: 7 }, 'any', acting(writer.id)),
        ).toMatchObject({
          ownerId: ann.id,
          quantity: 7,
        });
    });

    it('at an expected version alone', async () => {
      const { id } = await newThing(adapters, ann.id);
      const change = (expected: readonly number[] | 'any') =>
        adapters.entities.change({ id }, { quantity: 7 }, expected, acting(ann.id));
      for (const expected of [[], [2], [0, 2, 99]])
        expect(await change(expected)).toMatchObject({ refused: 'precondition_failed' });
      expect(await change([9, 1])).toMatchObject({ version: 2 });
      expect(await change('any')).toMatchObject({ version: 3 });
    });

    it('from one version once, of many at once', async () => {
      const { id } = await newThing(adapters, ann.id);
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (__, quantity) =>
          adapters.entities.change({ id }, { quantity }, [1], acting(ann.id)),
        ),
      );
      expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(1);
    });

    it('to no code that another has, but to their own', async () => {
      const [thing, other] = [await newThing(adapters, ann.id), await newThing(adapters, bob.id)];
      const change = (code: string) => adapters.entities.change({ id: thing.id }, { code }, 'any', acting(ann.id));
      expect(await change(other.code)).toMatchObject({ refused: 'code_taken' });
      expect(await adapters.entities.find({ id: thing.id }, readerOf(ann.id))).toEqual(thing);
      expect(await change(thing.code)).toMatchObject({ code: thing.code, version: 2 });
    });

    it('never before they were created, even if a clock goes back', async () => {
      const { id } = await newThing(adapters, ann.id, {}, NOW + 5);
      expect(await adapters.entities.change({ id }, { quantity: 7 }, 'any', acting(ann.id))).toMatchObject({
        updatedAt: NOW + 5,
      });
    });
  });

  it('are removed by their owner or an admin, at an expected version', async () => {
    const { entities } = adapters;
    const [one, other] = [await newThing(adapters, ann.id), await newThing(adapters, ann.id)];
    expect(await entities.remove({ id: one.id }, [2], acting(ann.id))).toMatchObject({
      refused: 'precondition_failed',
    });
    expect(await entities.remove({ id: one.id }, [1], acting(ann.id))).toBe('removed');
    expect(await entities.remove({ code: other.code }, 'any', acting(boss.id))).toBe('removed');
    expect(await entities.find({ id: one.id }, readerOf(ann.id))).toBeUndefined();
    expect(await newThing(adapters, bob.id, fields(one))).toMatchObject({ ownerId: bob.id, version: 1 });
  });

  it('without an owner are written by admins alone', async () => {
    const { entities } = adapters;
    const { id } = await newThing(adapters, ann.id);
    await adapters.accounts.remove(ann.id, acting(ann.id));
    expect(await entities.remove({ id }, 'any', acting(bob.id))).toMatchObject({ refused: 'forbidden' });
    expect(await entities.change({ id }, { quantity: 7 }, [2], acting(boss.id))).toMatchObject({
      ownerId: null,
      version: 3,
    });
  });

  describe('are neither changed nor removed', () => {
    it.each<[string, () => Promise<ReturnType<typeof acting>>, 'public' | 'private', string]>([
      ['by another account', async () => acting(bob.id), 'public', 'forbidden'],
      ['by another account that may not see them', async () => acting(bob.id), 'private', 'entity_not_found'],
      ['by a session that has ended', async () => ended(ann), 'private', 'token_revoked'],
      [
        'by an account that was deactivated',
        async () => {
          await deactivate(ann);
          return acting(ann.id);
        },
        'public',
        'token_revoked',
      ],
      [
        'by an admin who was demoted',
        async () => {
          const other = await newAdmin(adapters);
          await adapters.administration.change(boss.id, { role: 'user' }, administering(other.id));
          return acting(boss.id);
        },
        'public',
        'forbidden',
      ],
    ])('%s', async (__, audit, visibility, refused) => {
      const { entities } = adapters;
      const thing = await newThing(adapters, ann.id, { visibility });
      const context = await audit();
      expect(await entities.change({ id: thing.id }, { quantity: 7 }, 'any', context)).toMatchObject({ refused });
      expect(await entities.change({ code: thing.code }, { quantity: 7 }, [9], context)).toMatchObject({ refused });
      expect(await entities.remove({ id: thing.id }, 'any', context)).toMatchObject({ refused });
      const { id } = await newAdmin(adapters);
      expect(await entities.findNow({ id: thing.id }, readerOf(id))).toEqual(thing);
    });

    it('where there are none', async () => {
      const nothing = { refused: 'entity_not_found' };
      expect(await adapters.entities.change({ id: 999_999 }, {}, 'any', acting(boss.id))).toMatchObject(nothing);
      expect(await adapters.entities.remove({ code: 'none' }, [1], acting(ann.id))).toMatchObject(nothing);
    });
  });
});
