// What GET /entities is asked, as a query of the domain; and the cursors of its pages, which hold for that query and caller alone.
import { z } from '@hono/zod-openapi';
import {
  defaultSort,
  type EntityQuery,
  MAX_SEARCH_WORDS,
  refuseUnbounded,
  SORT_KEYS,
  type Sort,
} from '../../domain/entities/query.ts';
import { searchedWords } from '../../domain/entities/search-terms.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { cursorAt, positionAt } from '../../domain/tokens/cursor.ts';
import type { Keys } from '../../domain/tokens/keys.ts';
import { entityNameField } from '../shapes/entity-fields.ts';
import { idField, limitField } from '../shapes/paging.ts';

const QUANTITY_WORDS = 'must be an integer of at least 0';
const quantityBound = z
  .string()
  .regex(/^\d{1,16}$/, QUANTITY_WORDS)
  .transform(Number)
  .refine(Number.isSafeInteger, QUANTITY_WORDS)
  .optional()
  .openapi({ type: 'integer', minimum: 0 });

const SORTS = SORT_KEYS.flatMap((key) => [key, `-${key}`]);
const SORT_WORDS = `must be one of ${SORTS.join(', ')}`;
const sortField = z
  .string()
  .refine((sort) => SORTS.includes(sort), SORT_WORDS)
  .transform(
    (sort): Sort => ({ key: SORT_KEYS.find((key) => sort.endsWith(key)) ?? 'id', descending: sort.startsWith('-') }),
  )
  .optional()
  .openapi({
    type: 'string',
    enum: SORTS,
    description:
      '`-` for descending. The default is `quantity` with a range of quantities and nothing narrower, else `id`.',
  });

const SEARCH_WORDS = `must be 1 to ${MAX_SEARCH_WORDS} words of 256 characters in all`;
const searchField = z
  .string()
  .max(256, SEARCH_WORDS)
  .transform(searchedWords)
  .refine((words) => words.length >= 1 && words.length <= MAX_SEARCH_WORDS, SEARCH_WORDS)
  .optional()
  .openapi({
    type: 'string',
    description: 'Whole words of the code, the type or the values of the attributes, in any case. All must be found.',
  });

export const EntitiesQuery = z.object({
  type: entityNameField.optional(),
  code: entityNameField.optional(),
  owner: z
    .union([z.literal('me'), idField], 'must be me or an id')
    .optional()
    .openapi({ type: 'string', description: '`me`, or the id of an account.', example: 'me' }),
  min_quantity: quantityBound,
  max_quantity: quantityBound,
  q: searchField,
  sort: sortField,
  limit: limitField,
  cursor: z
    .string()
    .optional()
    .openapi({ description: 'The `next_cursor` of the page before, of the same query and caller.' }),
});

export interface Asked {
  readonly query: EntityQuery;
  /** The query in its one written form, for the cache. */
  readonly parameters: Readonly<Record<string, string>>;
  /** What a cursor is sealed for: the query without its page, and who asks. */
  readonly seal: string;
}

type QueryReason = 'token_required' | 'unsupported_query' | 'invalid_cursor';

/** The query that was asked, if it is one of those that are answered. */
export async function entityQuery(
  asked: z.infer<typeof EntitiesQuery>,
  readerId: number | undefined,
  keys: Keys,
): Promise<Asked | Refusal<QueryReason>> {
  const { type, code, owner, min_quantity: minQuantity, max_quantity: maxQuantity, q: words, limit, cursor } = asked;
  if (owner === 'me' && readerId === undefined) return refuse('token_required');
  const filters = { type, code, ownerId: owner === 'me' ? readerId : owner, minQuantity, maxQuantity, words };
  const sort = asked.sort ?? defaultSort(filters);
  const unbounded = refuseUnbounded(filters, sort);
  if (unbounded) return unbounded;
  const seal = JSON.stringify([
    type,
    code,
    filters.ownerId,
    minQuantity,
    maxQuantity,
    words,
    sort.key,
    sort.descending,
    readerId,
  ]);
  const after = cursor === undefined ? undefined : await positionAt(keys, seal, cursor);
  if (isRefusal(after)) return after;
  return {
    query: { ...filters, sort, limit, after },
    parameters: { query: seal, limit: String(limit), after: after ?? '' },
    seal,
  };
}

/** The cursor of the next page; null on the last one. */
export const sealedCursor = async (keys: Keys, { seal }: Asked, next: string | undefined): Promise<string | null> =>
  next === undefined ? null : cursorAt(keys, seal, next);
