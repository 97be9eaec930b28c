// Entities in memory: each access checks the right to read or write.
import type { AuditDetail } from '../../../src/domain/audit/event.ts';
import type { AuthorizedContext } from '../../../src/domain/audit-context.ts';
import {
  type Entities,
  type Entity,
  type EntityName,
  IDEMPOTENCY_RETENTION_MS,
  type NewEntity,
  type Reader,
} from '../../../src/domain/entities/entity.ts';
import { isRefusal, refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { actsAsAdmin, holds, isOwnerOrAdmin, refuseEnded } from './conditions.ts';
import { listOf } from './entity-lists.ts';
import { changedFields, givenOf, keyOf, type State } from './state.ts';

export function entitiesIn(state: State): Entities {
  const all = () => [...state.entities.values()];
  const find = (name: EntityName) =>
    all().find((entity) => ('id' in name ? entity.id === name.id : entity.code === name.code));
  const isVisible = (entity: Entity, reader: Reader | undefined) =>
    entity.visibility === 'public' || (reader !== undefined && isOwnerOrAdmin(state, reader, entity.ownerId));
  const visible = async (name: EntityName, reader: Reader | undefined) => {
    const entity = find(name);
    return entity && isVisible(entity, reader) ? entity : undefined;
  };

  /** The entity that the acting account may write at an expected version. */
  const writable = (name: EntityName, expected: 'any' | readonly number[], audit: AuthorizedContext) => {
    const { authority } = audit;
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const entity = find(name);
    if (!entity || !isVisible(entity, authority)) return refuse('entity_not_found');
    if (!isOwnerOrAdmin(state, authority, entity.ownerId)) return refuse('forbidden');
    return expected === 'any' || expected.includes(entity.version) ? { entity } : refuse('precondition_failed');
  };
  const add = (entity: NewEntity, quota: number, { actorId, authority, now }: AuthorizedContext) => {
    if (!holds(state, authority, now)) return refuse('token_revoked');
    const owned = all().filter(({ ownerId }) => ownerId === actorId).length;
    if (owned >= quota && !actsAsAdmin(state, authority)) return refuse('quota_exceeded');
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
    list: async (query, reader) =>
      listOf(
        all().filter((entity) => isVisible(entity, reader)),
        query,
      ),
    add: async (entity, quota, audit) => add(entity, quota, audit),

    async addOnce(entity, { keyHash, requestHash }, quota, audit) {
      const { actorId, authority, now } = audit;
      if (!holds(state, authority, now)) return refuse('token_revoked');
      const key = keyOf(actorId, keyHash);
      const first = state.idempotencyKeys.get(key);
      if (first && first.createdAt > now - IDEMPOTENCY_RETENTION_MS) {
        const { entityId: id, createdAt } = first;
        if (first.requestHash !== requestHash) return refuse('idempotency_key_reused');
        return { ...entity, id, ownerId: actorId, version: 1, createdAt, updatedAt: createdAt };
      }
      const added = add(entity, quota, audit);
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
      const fields = changedFields<NewEntity>(entity, change, FIELDS);
      recordForeign(state, 'entity.changed', entity, audit, { fields });
      state.entities.set(entity.id, changed);
      return changed;
    },

    async remove(name, expected, audit) {
      const found = writable(name, expected, audit);
      if (isRefusal(found)) return found;
      recordForeign(state, 'entity.deleted', found.entity, audit);
      state.entities.delete(found.entity.id);
      return 'removed';
    },
  };
}

const FIELDS = ['code', 'type', 'quantity', 'attributes', 'visibility'] as const;

/** Records an admin's write to an entity of somebody else, or without an owner. */
function recordForeign(
  state: State,
  action: 'entity.changed' | 'entity.deleted',
  { id, code, ownerId }: Entity,
  audit: AuthorizedContext,
  detail: AuditDetail = {},
): void {
  if (ownerId !== audit.actorId) record(state, action, ownerId, audit, { entity_id: id, code, ...detail });
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
