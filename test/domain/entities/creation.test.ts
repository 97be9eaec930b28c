// An account creates as many entities as the settings allow.
import { beforeEach, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { createEntity, createEntityOnce } from '../../../src/domain/entities/creation.ts';
import { newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { acting } from '../../support/domain/contexts.ts';
import { thingFields } from '../../support/domain/entities.ts';
import { configure } from '../../support/domain/ports.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters;
let ann: Account;
beforeEach(async () => {
  adapters = inMemory();
  ann = await newAccount(adapters);
  await configure(adapters, { MAX_ENTITIES_PER_ACCOUNT: '1' });
});

const create = (account: Account) => createEntity(adapters, thingFields(), acting(account.id));
const createOnce = (account: Account, keyHash: string) =>
  createEntityOnce(adapters, thingFields(), { keyHash, requestHash: 'a request' }, acting(account.id));

it('an entity beyond the quota is refused, with an idempotency key and without', async () => {
  expect(await create(ann)).toMatchObject({ ownerId: ann.id, version: 1 });
  expect(await create(ann)).toMatchObject({ refused: 'quota_exceeded' });
  expect(await createOnce(ann, 'a key')).toMatchObject({ refused: 'quota_exceeded' });
  await configure(adapters, { MAX_ENTITIES_PER_ACCOUNT: '2' });
  expect(await createOnce(ann, 'a key')).toMatchObject({ ownerId: ann.id });
});

it('a retry is answered though the quota is reached meanwhile', async () => {
  const first = await createOnce(ann, 'a key');
  expect(await createOnce(ann, 'a key')).toMatchObject({ id: 'id' in first ? first.id : 0 });
});

it('an admin creates any number', async () => {
  const boss = await newAdmin(adapters);
  for (let made = 0; made < 3; made += 1) expect(await create(boss)).toMatchObject({ ownerId: boss.id });
});
