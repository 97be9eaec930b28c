// Lists that are read page by page: their parameters, and the page of a cursor.
import { z } from '@hono/zod-openapi';
import type { Page } from '../../domain/page.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { cursorAt, positionAt } from '../../domain/tokens/cursor.ts';
import type { Keys } from '../../domain/tokens/keys.ts';
import { once } from '../once.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const NOT_A_LIMIT = `must be an integer from 1 to ${MAX_LIMIT}`;

export const limitField = once(() =>
  z
    .string()
    .regex(/^\d{1,3}$/, NOT_A_LIMIT)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, NOT_A_LIMIT)
    .default(DEFAULT_LIMIT)
    .openapi({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
);

export const cursorField = once(() =>
  z.string().optional().openapi({ description: 'The `next_cursor` of the page before, of the same query.' }),
);

/** The id of an account in a path or a query. */
export const idField = once(() =>
  z
    .string()
    .regex(/^[1-9]\d{0,14}$/, 'must be an id')
    .transform(Number)
    .openapi({ type: 'integer', minimum: 1, example: 1 }),
);

export interface CursorPage<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly nextCursor: string | null;
}

/**
 * Reads the page after `cursor`. `scope` identifies the query; a cursor works only with the scope it was signed for.
 */
export async function readPage<T>(
  keys: Keys,
  scope: string,
  cursor: string | undefined,
  read: (after: string | undefined) => Promise<Page<T>>,
): Promise<CursorPage<T> | Refusal<'invalid_cursor'>> {
  const after = await positionAt(keys, scope, cursor);
  if (isRefusal(after)) return after;
  const { items, next } = await read(after);
  return { items, nextCursor: await cursorAt(keys, scope, next) };
}
