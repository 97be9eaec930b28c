// Which lists of entities there are: those that an index bounds. A page costs what it shows, however many entities there are.
import { type FieldError, type Refusal, refuse } from '../refusal.ts';

export const SORT_KEYS = ['id', 'code', 'quantity', 'created_at', 'updated_at'] as const;

export type SortKey = (typeof SORT_KEYS)[number];

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

/** What is undefined filters nothing. */
export interface EntityFilters {
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly ownerId?: number | undefined;
  readonly minQuantity?: number | undefined;
  readonly maxQuantity?: number | undefined;
  /** All of them must be found. */
  readonly words?: readonly string[] | undefined;
}

export interface EntityQuery extends EntityFilters {
  readonly sort: Sort;
  readonly limit: number;
  /** The `next` of the page before. */
  readonly after?: string | undefined;
}

/** More words make a search no rarer, only dearer. */
export const MAX_SEARCH_WORDS = 8;

/** The sorts that each filter has an index for. A code finds one entity at most, and a search filters what it found: they take any filter. */
const SORTS_WITH = {
  q: ['id', 'created_at'],
  type: ['id', 'created_at', 'quantity'],
  owner: ['id', 'created_at', 'updated_at'],
  min_quantity: ['quantity'],
  max_quantity: ['quantity'],
} as const satisfies Record<string, readonly SortKey[]>;

type Filter = keyof typeof SORTS_WITH;

/** A range of quantities is read in their order unless another is asked for. */
export const defaultSort = ({ minQuantity, maxQuantity, code, words }: EntityFilters): Sort => ({
  key: (minQuantity === undefined && maxQuantity === undefined) || code !== undefined || words ? 'id' : 'quantity',
  descending: false,
});

/** Refuses a list that no index bounds, and says what would go. */
export function refuseUnbounded(filters: EntityFilters, { key }: Sort): Refusal<'unsupported_query'> | undefined {
  const errors = boundingFilters(filters)
    .filter((filter) => !SORTS_WITH[filter].some((known) => known === key))
    .map(
      (filter): FieldError => ({
        path: filter,
        message: `goes with sort=${SORTS_WITH[filter].join(', ')} only, not with ${key}`,
      }),
    );
  return errors.length > 0 ? refuse('unsupported_query', { errors }) : undefined;
}

function boundingFilters({ code, type, ownerId, minQuantity, maxQuantity, words }: EntityFilters): readonly Filter[] {
  if (code !== undefined) return [];
  if (words) return ['q'];
  const given = { type, owner: ownerId, min_quantity: minQuantity, max_quantity: maxQuantity };
  return (['type', 'owner', 'min_quantity', 'max_quantity'] as const).filter((filter) => given[filter] !== undefined);
}
