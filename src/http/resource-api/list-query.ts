// The query of GET /entities as a query of the domain, and the scope of its cursors.
import { z } from '@hono/zod-openapi';
import { defaultSort, type EntityQuery, MAX_SEARCH_TERMS, SORT_KEYS, type Sort } from '../../domain/entities/query.ts';
import { searchTerms } from '../../domain/entities/search-terms.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { positionAt } from '../../domain/tokens/cursor.ts';
import type { Keys } from '../../domain/tokens/keys.ts';
import { type Infer, once } from '../once.ts';
import { entityNameField } from '../shapes/entity-fields.ts';
import { idField, limitField } from '../shapes/paging.ts';

const NOT_A_QUANTITY = 'must be an integer of at least 0';
const quantityBound = once(() =>
  z
    .string()
    .regex(/^\d{1,16}$/, NOT_A_QUANTITY)
    .transform(Number)
    .refine(Number.isSafeInteger, NOT_A_QUANTITY)
    .optional()
    .openapi({ type: 'integer', minimum: 0 }),
);

const SORTS = SORT_KEYS.flatMap((key) => [key, `-${key}`]);
const sortField = once(() =>
  z
    .string()
    .refine((sort) => SORTS.includes(sort), `must be one of ${SORTS.join(', ')}`)
    .transform((sort): Sort => {
      return { key: SORT_KEYS.find((key) => sort.endsWith(key)) ?? 'id', descending: sort.startsWith('-') };
    })
    .optional()
    .openapi({
      type: 'string',
      enum: SORTS,
      description: '`-` for descending. The default is `quantity` for a range of quantities alone, else `id`.',
    }),
);

const NOT_A_SEARCH = `must be 1 to ${MAX_SEARCH_TERMS} words of 256 characters in all`;
const searchField = once(() =>
  z
    .string()
    .max(256, NOT_A_SEARCH)
    .transform(searchTerms)
    .refine((terms) => terms.length >= 1 && terms.length <= MAX_SEARCH_TERMS, NOT_A_SEARCH)
    .optional()
    .openapi({
      type: 'string',
      description: 'Whole words of the code, the type or the values of the attributes, in any case. All must match.',
    }),
);

export const EntitiesQuery = once(() =>
  z.object({
    type: entityNameField().optional(),
    code: entityNameField().optional(),
    owner: z
      .union([z.literal('me'), idField()], 'must be me or an id')
      .optional()
      .openapi({ type: 'string', description: '`me`, or the id of an account.', example: 'me' }),
    min_quantity: quantityBound(),
    max_quantity: quantityBound(),
    q: searchField(),
    sort: sortField(),
    limit: limitField(),
    cursor: z
      .string()
      .optional()
      .openapi({ description: 'The `next_cursor` of the page before, of the same query and caller.' }),
  }),
);

export interface ListRequest {
  readonly query: EntityQuery;
  /** The query in canonical form, for the cache. */
  readonly parameters: Readonly<Record<string, string>>;
  /** The scope that a cursor is signed for: the query without its page, and the reader. */
  readonly cursorScope: string;
}

type QueryReason = 'token_required' | 'invalid_cursor';

/** The request of a valid query. */
export async function listRequest(
  given: Infer<typeof EntitiesQuery>,
  readerId: number | undefined,
  keys: Keys,
): Promise<ListRequest | Refusal<QueryReason>> {
  const { type, code, owner, min_quantity: minQuantity, max_quantity: maxQuantity, q: terms, limit } = given;
  if (owner === 'me' && readerId === undefined) return refuse('token_required');
  const filters = { type, code, ownerId: owner === 'me' ? readerId : owner, minQuantity, maxQuantity, terms };
  const sort = given.sort ?? defaultSort(filters);
  const { key, descending } = sort;
  const { ownerId } = filters;
  const cursorScope = JSON.stringify([type, code, ownerId, minQuantity, maxQuantity, terms, key, descending, readerId]);
  const after = await positionAt(keys, cursorScope, given.cursor);
  if (isRefusal(after)) return after;
  const parameters = { query: cursorScope, limit: String(limit), after: after ?? '' };
  return { query: { ...filters, sort, limit, after }, parameters, cursorScope };
}
