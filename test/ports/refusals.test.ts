// The contract of Refusals: calls that only admins may make are recorded for a refused account, once a minute.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { newAccount } from '../support/domain/accounts.ts';
import { CLIENT, MINUTE_MS, NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('refusals %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  const refuse = ({ id: accountId }: Account, now = NOW, operation = 'GET /one') =>
    adapters.refusals.recordAccess({ ...CLIENT, accountId, operation, now });
  const events = async () => (await adapters.auditTrail.page({ action: 'access.refused' }, undefined, 9)).items;

  it('are recorded with the operation', async () => {
    await refuse(ann);
    const event = { at: NOW, action: 'access.refused', actorId: ann.id, accountId: ann.id };
    expect((await events()).map(({ id: __, ...recorded }) => recorded)).toEqual([
      { ...event, ...CLIENT, detail: { operation: 'GET /one' } },
    ]);
  });

  it('are recorded once a minute, whatever is refused, for each account by itself', async () => {
    const bob = await newAccount(adapters);
    await refuse(ann);
    await refuse(ann, NOW + MINUTE_MS - 1, 'GET /another');
    await refuse(bob);
    expect(await events()).toHaveLength(2);
    await refuse(ann, NOW + MINUTE_MS);
    expect(await events()).toHaveLength(3);
  });
});
