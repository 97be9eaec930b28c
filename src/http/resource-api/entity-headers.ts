// The headers of entities, for the OpenAPI document.
import { z } from '@hono/zod-openapi';

const etag = z.string().openapi({ description: 'The version, as a strong entity tag.', example: '"1"' });
const cacheControl = z
  .string()
  .openapi({ description: 'Public for some seconds without a token, private with one.', example: 'public, max-age=5' });
const vary = z.string().openapi({ example: 'Authorization' });

export const READ_HEADERS = z.object({ 'Cache-Control': cacheControl, Vary: vary });
export const ENTITY_HEADERS = READ_HEADERS.extend({ ETag: etag });
export const WRITTEN_HEADERS = z.object({ ETag: etag });
export const CREATED_HEADERS = WRITTEN_HEADERS.extend({ Location: z.string().openapi({ example: '/entities/1' }) });

export const ifMatchField = z
  .string()
  .optional()
  .openapi({ description: 'The `ETag` that the entity must still have, several of them, or `*`.', example: '"1"' });
export const ifNoneMatchField = z
  .string()
  .optional()
  .openapi({ description: 'The `ETag` that the client has.', example: '"1"' });
export const idempotencyKeyField = z.string().optional().openapi({
  description: 'Makes the same request take effect once within 24 hours: 1 to 255 characters of your choice.',
  minLength: 1,
  maxLength: 255,
  example: '5f0c8b6e-order-17',
});
