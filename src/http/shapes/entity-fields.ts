// The fields of an entity that more than one contract takes.
import { z } from '@hono/zod-openapi';
import { isEntityName, type Visibility } from '../../domain/entities/entity.ts';
import { isJsonObject, type JsonObject, validateJsonObject } from '../../domain/json-object.ts';
import { once } from '../once.ts';

const NOT_A_NAME = 'must be 1 to 64 characters, none of them a control character';

/** A code or a type. */
export const entityNameField = once(() =>
  z.string().refine(isEntityName, NOT_A_NAME).openapi({ minLength: 1, maxLength: 64 }),
);

export const quantityField = once(() => z.int().min(0));

export const visibilityField = once(() => z.enum(['public', 'private'] as const satisfies readonly Visibility[]));

/** The fields that a reader of an entity and an export of its owner both show. */
export const shownEntityFields = () => ({
  id: z.int(),
  code: z.string(),
  type: z.string(),
  quantity: z.int(),
  attributes: z.record(z.string(), z.unknown()).readonly().openapi({ type: 'object' }),
  visibility: visibilityField(),
});

/** Any JSON object as it was parsed: no schema copies it, so a `__proto__` in it stays a key. */
export const attributesField = once(() =>
  z
    .custom<JsonObject>()
    .superRefine((value: unknown, context) => {
      const message = isJsonObject(value) ? validateJsonObject(value) : 'must be an object';
      if (message) context.addIssue({ code: 'custom', message });
    })
    .openapi({ type: 'object', additionalProperties: true, description: 'Any JSON object of at most 16 KiB.' }),
);
