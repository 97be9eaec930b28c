// The lists of entities, for tests and for the figures in docs/entities.md: every filter with every sort.

const SORTS = ['id', 'code', 'quantity', 'created_at', 'updated_at'];
const both = (sorts: readonly string[]): readonly string[] => sorts.flatMap((sort) => [sort, `-${sort}`]);
const sorted = (filters: string, sorts: readonly string[] = SORTS): readonly string[] =>
  both(sorts).map((sort) => `${filters}sort=${sort}`);
/** The orders of a range of quantities, or of a search, that no index has. */
const OTHERS = ['code', 'updated_at'];

/** How many rows a page of an indexed list may read for each row that it returns. */
export const ROWS_FOR_EACH = 3;

/** Lists that read only the rows that they return. `owner` owns the seeded entities of one owner. */
export const indexedLists = (owner: number): readonly string[] => [
  ...sorted(''),
  ...sorted('type=shoe&'),
  ...sorted(`owner=${owner}&`),
  ...sorted('min_quantity=100&max_quantity=900&', ['quantity']),
  ...sorted('min_quantity=500&max_quantity=500&', ['quantity']),
  ...sorted('type=shoe&min_quantity=100&', ['quantity']),
  ...sorted(`owner=${owner}&max_quantity=900&`, ['quantity']),
  ...sorted('q=red&', ['id', 'created_at']),
];

/** Lists that read candidates and return the matching ones. */
export const candidateLists = (owner: number): readonly string[] => [
  ...sorted(`owner=${owner}&type=shoe&`),
  ...sorted('min_quantity=100&max_quantity=900&', ['id', ...OTHERS]),
  ...sorted('min_quantity=500&max_quantity=500&', ['id', 'code']),
  ...sorted('type=shoe&min_quantity=100&', ['id', ...OTHERS]),
  ...sorted(`owner=${owner}&max_quantity=900&`, ['id', ...OTHERS]),
  ...sorted(`owner=${owner}&type=shoe&min_quantity=100&max_quantity=600&`),
  ...sorted('q=red&', ['quantity', ...OTHERS]),
  ...sorted('q=red wool&', ['id', 'quantity', ...OTHERS]),
  ...sorted('q=wool&type=shoe&', ['id', 'code']),
  ...sorted(`q=wool&owner=${owner}&`, ['id', 'updated_at']),
  ...sorted('q=wool&min_quantity=100&max_quantity=600&', ['id', 'quantity', 'code']),
  ...sorted(`q=wool&type=shoe&owner=${owner}&min_quantity=100&`),
];
