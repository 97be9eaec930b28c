// Every list of entities that is offered, for tests and for the figures in docs/entities.md.

export interface OfferedList {
  readonly query: string;
  /** How many rows a page may read for each that it answers. */
  readonly ratio: number;
}

const both = (sorts: readonly string[]): readonly string[] => sorts.flatMap((sort) => [sort, `-${sort}`]);
const sorted = (filters: string, sorts: readonly string[]): readonly OfferedList[] =>
  both(sorts).map((sort) => ({ query: `${filters}sort=${sort}`, ratio: 3 }));

/** Whom the seeded entities of one owner belong to, by `owner`. */
export const offeredLists = (owner: number): readonly OfferedList[] => [
  ...sorted('', ['id', 'code', 'quantity', 'created_at', 'updated_at']),
  ...sorted('type=shoe&', ['id', 'created_at', 'quantity']),
  ...sorted(`owner=${owner}&`, ['id', 'created_at', 'updated_at']),
  ...sorted(`owner=${owner}&type=shoe&`, ['id', 'created_at']),
  ...sorted('min_quantity=100&max_quantity=900&', ['quantity']),
  ...sorted('min_quantity=500&max_quantity=500&', ['quantity']),
  ...sorted('type=shoe&min_quantity=100&', ['quantity']),
  ...sorted('q=red&', ['id', 'created_at']),
];
