// The contract of Entities as to idempotency keys: a retry is answered with the first success.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { IDEMPOTENCY_RETENTION_MS } from '../../src/domain/entities/entity.ts';
import { isRefusal } from '../../src/domain/refusal.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, NOW } from '../support/domain/contexts.ts';
import { newThing, QUOTA, readerOf, thingFields } from '../support/domain/entities.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const KEY = { keyHash: 'a key', requestHash: 'a request' };

describe.each(ADAPTERS)('entities %s are added once', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let bob: Account;
  let boss: Account;
  beforeEach(async () => {
    adapters = await fresh();
    [ann, bob, boss] = [await newAccount(adapters), await newAccount(adapters), await newAdmin(adapters)];
  });

  /** Acts with a session that has ended. */
  const ended = ({ id }: Account) => acting(id, { sessionId: crypto.randomUUID() });

  it('for each key, and a retry gets the first answer, whatever became of the entity', async () => {
    const { entities } = adapters;
    const wanted = thingFields();
    const first = await entities.addOnce(wanted, KEY, QUOTA, acting(ann.id));
    if (isRefusal(first)) throw new Error(first.refused);
    expect(first).toMatchObject({ ...wanted, ownerId: ann.id, version: 1, createdAt: NOW });
    expect(await entities.addOnce(wanted, KEY, QUOTA, acting(ann.id, { now: NOW + 1 }))).toEqual(first);
    await entities.change({ id: first.id }, { quantity: 9 }, 'any', acting(ann.id));
    expect(await entities.addOnce(wanted, KEY, QUOTA, acting(ann.id, { now: NOW + 2 }))).toEqual(first);
    await entities.remove({ id: first.id }, 'any', acting(ann.id));
    expect(await entities.addOnce(wanted, KEY, QUOTA, acting(ann.id, { now: NOW + 3 }))).toEqual(first);
    expect(await entities.findNow({ id: first.id }, readerOf(boss.id))).toBeUndefined();
  });

  it('for one request a key', async () => {
    const { entities } = adapters;
    await entities.addOnce(thingFields(), KEY, QUOTA, acting(ann.id));
    const [other, wanted] = [{ ...KEY, requestHash: 'another' }, thingFields()];
    const refused = { refused: 'idempotency_key_reused' };
    expect(await entities.addOnce(wanted, other, QUOTA, acting(ann.id))).toMatchObject(refused);
    expect(await entities.find({ code: wanted.code }, readerOf(ann.id))).toBeUndefined();
  });

  it('for each account by itself', async () => {
    const one = await adapters.entities.addOnce(thingFields(), KEY, QUOTA, acting(ann.id));
    const other = await adapters.entities.addOnce(thingFields(), KEY, QUOTA, acting(bob.id));
    expect([one, other]).toMatchObject([{ ownerId: ann.id }, { ownerId: bob.id }]);
  });

  it('of many at once, which get one answer', async () => {
    const wanted = thingFields();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, () => adapters.entities.addOnce(wanted, KEY, QUOTA, acting(ann.id))),
    );
    for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
    expect(outcomes[0]).toMatchObject(wanted);
  });

  it('while the key is kept', async () => {
    const { entities } = adapters;
    const first = await entities.addOnce(thingFields(), KEY, QUOTA, acting(ann.id));
    const [now, wanted] = [NOW + IDEMPOTENCY_RETENTION_MS, thingFields()];
    const kept = await entities.addOnce(thingFields(), KEY, QUOTA, acting(ann.id, { now: now - 1 }));
    expect(kept).toMatchObject({ id: 'id' in first ? first.id : 0 });
    const again = await entities.addOnce(wanted, { ...KEY, requestHash: 'another' }, QUOTA, acting(ann.id, { now }));
    expect(again).toMatchObject({ ...wanted, createdAt: now });
  });

  it('with no key left where the code is taken', async () => {
    const { entities } = adapters;
    const { code } = await newThing(adapters, bob.id);
    const taken = await entities.addOnce(thingFields({ code }), KEY, QUOTA, acting(ann.id));
    expect(taken).toMatchObject({ refused: 'code_taken' });
    expect(await entities.addOnce(thingFields(), KEY, QUOTA, acting(ann.id))).toMatchObject({ ownerId: ann.id });
  });

  it('within the quota, which a retry is not asked for', async () => {
    const { entities } = adapters;
    const wanted = thingFields();
    const first = await entities.addOnce(wanted, KEY, 1, acting(ann.id));
    expect(await entities.addOnce(wanted, KEY, 1, acting(ann.id))).toEqual(first);
    const other = { ...KEY, keyHash: 'another key' };
    expect(await entities.addOnce(thingFields(), other, 1, acting(ann.id))).toMatchObject({
      refused: 'quota_exceeded',
    });
    expect(await entities.addOnce(thingFields(), other, 2, acting(ann.id))).toMatchObject({ ownerId: ann.id });
  });

  it('by no authority that has ended, not even for a retry', async () => {
    const { entities } = adapters;
    const wanted = thingFields();
    const revoked = { refused: 'token_revoked' };
    expect(await entities.addOnce(wanted, KEY, QUOTA, ended(ann))).toMatchObject(revoked);
    expect(await entities.find({ code: wanted.code }, readerOf(ann.id))).toBeUndefined();
    await entities.addOnce(wanted, KEY, QUOTA, acting(ann.id));
    expect(await entities.addOnce(wanted, KEY, QUOTA, ended(ann))).toMatchObject(revoked);
  });
});
