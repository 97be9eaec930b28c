// Lists of entities: every filter combines with every other and with every sort.

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

/** A range of quantities is sorted by quantity unless the query asks for another order. */
export const defaultSort = ({ minQuantity, maxQuantity, code, terms }: EntityFilters): Sort => ({
  key: (minQuantity === undefined && maxQuantity === undefined) || code !== undefined || terms ? 'id' : 'quantity',
  descending: false,
});
