// Which lists of entities are offered: those that an index bounds, so that a page costs what it shows.
import { type FieldError, type Refusal, refuse } from '../refusal.ts';

export const SORT_KEYS = ['id', 'code', 'quantity', 'created_at', 'updated_at'] as const;

export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** Undefined filters nothing. */
export interface EntityFilters {
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly ownerId?: number | undefined;
  readonly minQuantity?: number | undefined;
  readonly maxQuantity?: number | undefined;
  /** Search terms, all of which must match. */
  readonly terms?: readonly string[] | undefined;
}

export interface EntityQuery extends EntityFilters {
  readonly sort: Sort;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** More terms make a search more expensive and hardly narrower. */
export const MAX_SEARCH_TERMS = 8;

/** The sorts for which each filter has an index. A code finds one entity, and a search filters what it found. */
const SORTS_WITH = {
  terms: ['id', 'created_at'],
  type: ['id', 'created_at', 'quantity'],
  ownerId: ['id', 'created_at', 'updated_at'],
  minQuantity: ['quantity'],
  maxQuantity: ['quantity'],
} as const satisfies Partial<Record<keyof EntityFilters, readonly SortKey[]>>;

type BoundingFilter = keyof typeof SORTS_WITH;

/** A range of quantities is sorted by quantity unless the query asks for another order. */
export const defaultSort = ({ minQuantity, maxQuantity, code, terms }: EntityFilters): Sort => ({
  key: (minQuantity === undefined && maxQuantity === undefined) || code !== undefined || terms ? 'id' : 'quantity',
  descending: false,
});

/** Refuses a list that no index bounds, and names the sorts that would do. */
export function refuseUnbounded(filters: EntityFilters, { key }: Sort): Refusal<'unsupported_query'> | undefined {
  const errors = boundingFilters(filters)
    .filter((filter) => !SORTS_WITH[filter].some((known) => known === key))
    .map((filter): FieldError => {
      return { path: filter, message: `goes with sort=${SORTS_WITH[filter].join(', ')} only, not with ${key}` };
    });
  return errors.length > 0 ? refuse('unsupported_query', { errors }) : undefined;
}

function boundingFilters({ code, terms, ...filters }: EntityFilters): readonly BoundingFilter[] {
  if (code !== undefined) return [];
  if (terms) return ['terms'];
  return (['type', 'ownerId', 'minQuantity', 'maxQuantity'] as const).filter((key) => filters[key] !== undefined);
}
