// Entities in memory: who may read or write one is asked at each access.
import type { AuthorizedContext } from '../../../src/domain/audit-context.ts';
import {
  type Entities,
  type Entity,
  type EntityName,
  IDEMPOTENCY_RETENTION_MS,
  type NewEntity,
} from '../../../src/domain/entities/entity.ts';
import { isRefusal, refuse } from '../../../src/domain/refusal.ts';
import { activeAccount, holds } from './conditions.ts';
import { listOf } from './entity-lists.ts';
import { givenOf, keyOf, type State } from './state.ts';

export function entitiesIn(state: State): Entities {
  const all = () => [...state.entities.values()];
  const find = (name: EntityName) =>
    all().find((entity) => ('id' in name ? entity.id === name.id : entity.code === name.code));
  const isWritable = ({ ownerId }: Entity, accountId: number) => {
    const account = activeAccount(state, accountId);
    return account !== undefined && (account.id === ownerId || account.role === 'admin');
  };
  const isVisible = (entity: Entity, readerId: number | undefined) =>
    entity.visibility === 'public' || (readerId !== undefined && isWritable(entity, readerId));
  const visible = async (name: EntityName, readerId: number | undefined) => {
    const entity = find(name);
    return entity && isVisible(entity, readerId) ? entity : undefined;
  };

  /** The entity that the acting account may write at an expected version. */
  const writable = (name: EntityName, expected: 'any' | readonly number[], { authority, now }: AuthorizedContext) => {
    if (!holds(state, authority, now)) return refuse('token_revoked');
    const entity = find(name);
    if (!entity || !isVisible(entity, authority.accountId)) return refuse('entity_not_found');
    if (!isWritable(entity, authority.accountId)) return refuse('forbidden');
    return expected === 'any' || expected.includes(entity.version) ? { entity } : refuse('precondition_failed');
  };
  const add = (entity: NewEntity, { actorId, authority, now }: AuthorizedContext) => {
    if (!holds(state, authority, now)) return refuse('token_revoked');
    if (find({ code: entity.code })) return refuse('code_taken');
    const createdAt = Math.max(now, all().at(-1)?.createdAt ?? 0);
    const times = { createdAt, updatedAt: createdAt };
    const added: Entity = { ...entity, id: state.nextId(), ownerId: actorId, version: 1, ...times };
    state.entities.set(added.id, added);
    return added;
  };

  return {
    find: visible,
    findNow: visible,
    list: async (query, readerId) =>
      listOf(
        all().filter((entity) => isVisible(entity, readerId)),
        query,
      ),
    add: async (entity, audit) => add(entity, audit),

    async addOnce(entity, { keyHash, requestHash }, audit) {
      const { actorId, authority, now } = audit;
      if (!holds(state, authority, now)) return refuse('token_revoked');
      const key = keyOf(actorId, keyHash);
      const first = state.idempotencyKeys.get(key);
      if (first && first.createdAt > now - IDEMPOTENCY_RETENTION_MS) {
        const { entityId: id, createdAt } = first;
        if (first.requestHash !== requestHash) return refuse('idempotency_key_reused');
        return { ...entity, id, ownerId: actorId, version: 1, createdAt, updatedAt: createdAt };
      }
      const added = add(entity, audit);
      if (isRefusal(added)) return added;
      const { id: entityId, createdAt } = added;
      state.idempotencyKeys.set(key, { accountId: actorId, keyHash, requestHash, entityId, createdAt });
      return added;
    },

    async change(name, change, expected, audit) {
      const found = writable(name, expected, audit);
      if (isRefusal(found)) return found;
      const { entity } = found;
      const updatedAt = Math.max(audit.now, entity.createdAt);
      const changed = { ...entity, ...givenOf<NewEntity>(change), version: entity.version + 1, updatedAt };
      if ((find({ code: changed.code }) ?? entity).id !== entity.id) return refuse('code_taken');
      state.entities.set(entity.id, changed);
      return changed;
    },

    async remove(name, expected, audit) {
      const found = writable(name, expected, audit);
      if (isRefusal(found)) return found;
      state.entities.delete(found.entity.id);
      return 'removed';
    },
  };
}

/** When an account is deleted, its private entities go with it, and its public ones stay without an owner. */
export function detachEntities(state: State, accountId: number, now: number): void {
  for (const entity of [...state.entities.values()].filter(({ ownerId }) => ownerId === accountId)) {
    const updatedAt = Math.max(now, entity.createdAt);
    if (entity.visibility === 'private') state.entities.delete(entity.id);
    else state.entities.set(entity.id, { ...entity, ownerId: null, version: entity.version + 1, updatedAt });
  }
  for (const [key, stored] of state.idempotencyKeys)
    if (stored.accountId === accountId) state.idempotencyKeys.delete(key);
}
