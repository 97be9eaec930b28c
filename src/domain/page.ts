// Lists are read page by page. A page ends with the position of its last item, and the next page starts after it.

export interface Page<T> {
  readonly items: readonly T[];
  /** The position after which the next page starts; undefined on the last page. */
  readonly next: string | undefined;
}

/** The page of `limit + 1` rows: the extra row only shows that there is another page. */
export function pageOf<T>(rows: readonly T[], limit: number, positionOf: (row: T) => string): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, next: rows.length > limit && last ? positionOf(last) : undefined };
}
