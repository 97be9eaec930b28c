// The parameters of a list that is read page by page.
import { z } from '@hono/zod-openapi';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;
const LIMIT_WORDS = `must be an integer from 1 to ${MAX_LIMIT}`;

export const limitField = z
  .string()
  .regex(/^\d{1,3}$/, LIMIT_WORDS)
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= MAX_LIMIT, LIMIT_WORDS)
  .default(DEFAULT_LIMIT)
  .openapi({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT });

export const cursorField = z
  .string()
  .optional()
  .openapi({ description: 'The `next_cursor` of the page before, of the same query.' });

/** The id of an account in a path or a query. */
export const idField = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be an id')
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1, example: 1 });
