// The headers of entities, for the OpenAPI document.
import { z } from '@hono/zod-openapi';
import { once } from '../once.ts';

const etag = once(() => z.string().openapi({ description: 'The version, as a strong entity tag.', example: '"1"' }));
const cacheControl = once(() =>
  z.string().openapi({
    description: 'Public for some seconds without a token, private with one.',
    example: 'public, max-age=5',
  }),
);
const vary = once(() => z.string().openapi({ example: 'Authorization' }));

export const ReadHeaders = once(() => z.object({ 'Cache-Control': cacheControl(), Vary: vary() }));
export const EntityHeaders = once(() => ReadHeaders().extend({ ETag: etag() }));
export const WrittenHeaders = once(() => z.object({ ETag: etag() }));
export const CreatedHeaders = once(() =>
  WrittenHeaders().extend({ Location: z.string().openapi({ example: '/entities/1' }) }),
);

export const ifMatchField = once(() =>
  z
    .string()
    .optional()
    .openapi({ description: 'The `ETag` that the entity must still have, several of them, or `*`.', example: '"1"' }),
);
export const ifNoneMatchField = once(() =>
  z.string().optional().openapi({ description: 'The `ETag` that the client has.', example: '"1"' }),
);
export const idempotencyKeyField = once(() =>
  z.string().optional().openapi({
    description: 'Makes the same request take effect once within 24 hours: 1 to 255 characters of your choice.',
    minLength: 1,
    maxLength: 255,
    example: '5f0c8b6e-order-17',
  }),
);
