// Lists of entities in memory: filtered, sorted, and continued after the position of the last entity shown.
import type { Entity } from '../../../src/domain/entities/entity.ts';
import type { EntityQuery, SortKey } from '../../../src/domain/entities/query.ts';
import { entityTerms } from '../../../src/domain/entities/search-terms.ts';
import { type Page, pageOf } from '../../../src/domain/page.ts';

type Position = readonly [value: number | string, id: number];

/** The page of a query over the entities that its reader may see. */
export function listOf(entities: readonly Entity[], query: EntityQuery): Page<Entity> {
  const { sort, after, limit } = query;
  const positionOf = (entity: Entity): Position => [SORTED_BY[sort.key](entity), entity.id];
  const compare = (one: Position, other: Position) => (sort.descending ? -1 : 1) * inOrder(one, other);
  const start = after === undefined ? undefined : (JSON.parse(after) as Position); // made below
  const found = entities
    .filter((entity) => matches(entity, query))
    .filter((entity) => start === undefined || compare(positionOf(entity), start) > 0)
    .sort((one, other) => compare(positionOf(one), positionOf(other)));
  return pageOf(found.slice(0, limit + 1), limit, (entity) => JSON.stringify(positionOf(entity)));
}

function matches(entity: Entity, { code, type, ownerId, minQuantity, maxQuantity, terms = [] }: EntityQuery): boolean {
  const found = Object.values(entityTerms(entity)).flat();
  return (
    (code ?? entity.code) === entity.code &&
    (type ?? entity.type) === entity.type &&
    (ownerId ?? entity.ownerId) === entity.ownerId &&
    (minQuantity ?? entity.quantity) <= entity.quantity &&
    (maxQuantity ?? entity.quantity) >= entity.quantity &&
    terms.every((term) => found.includes(term))
  );
}

const SORTED_BY: Readonly<Record<SortKey, (entity: Entity) => number | string>> = {
  id: ({ id }) => id,
  code: ({ code }) => code,
  quantity: ({ quantity }) => quantity,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};

function inOrder([value, id]: Position, [otherValue, otherId]: Position): number {
  if (value === otherValue) return id - otherId;
  return value < otherValue ? -1 : 1;
}
