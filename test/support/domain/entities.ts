// Entities made through the port, with any adapter.
import type { Entity, NewEntity, Reader } from '../../../src/domain/entities/entity.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { Adapters } from '../memory/adapters.ts';
import { acting, NOW } from './contexts.ts';

/** An account that reads; any account where there is no id. */
export function readerOf(accountId: number): Reader;
export function readerOf(accountId: number | undefined): Reader | undefined;
export function readerOf(accountId: number | undefined): Reader | undefined {
  return accountId === undefined ? undefined : { accountId };
}

/** The same account with a user's rights at most. */
export const limitedReaderOf = (accountId: number): Reader => ({ accountId, atMost: 'user' });

/** More entities than a test makes. */
export const QUOTA = 1000;

let count = 0;

/** A public entity's fields, with a code that no other has. */
export function thingFields(fields: Partial<NewEntity> = {}): NewEntity {
  count += 1;
  return { code: `T-${count}`, type: 'thing', quantity: 1, attributes: {}, visibility: 'public', ...fields };
}

/** An entity of an account. */
export async function newThing(
  { entities }: Pick<Adapters, 'entities'>,
  ownerId: number,
  fields: Partial<NewEntity> = {},
  now = NOW,
): Promise<Entity> {
  const added = await entities.add(thingFields(fields), QUOTA, acting(ownerId, { now }));
  if (isRefusal(added)) throw new Error(`no entity: ${added.refused}`);
  return added;
}
