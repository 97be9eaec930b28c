// Creating entities: an account may own as many as the settings allow.
import type { AuthorizedContext } from '../audit-context.ts';
import type { Refusal } from '../refusal.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { CreationRefusal, Entities, Entity, Idempotency, NewEntity } from './entity.ts';

interface CreationPorts {
  readonly entities: Entities;
  readonly settings: SettingsStore;
}

/** Creates an entity of the acting account's. */
export async function createEntity(
  { entities, settings }: CreationPorts,
  entity: NewEntity,
  audit: AuthorizedContext,
): Promise<Entity | CreationRefusal> {
  const { MAX_ENTITIES_PER_ACCOUNT: quota } = await settings.current(audit.now);
  return entities.add(entity, quota, audit);
}

/** Creates an entity once for each idempotency key. */
export async function createEntityOnce(
  { entities, settings }: CreationPorts,
  entity: NewEntity,
  idempotency: Idempotency,
  audit: AuthorizedContext,
): Promise<Entity | CreationRefusal | Refusal<'idempotency_key_reused'>> {
  const { MAX_ENTITIES_PER_ACCOUNT: quota } = await settings.current(audit.now);
  return entities.addOnce(entity, idempotency, quota, audit);
}
