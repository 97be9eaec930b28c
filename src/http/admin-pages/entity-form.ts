// The form of an entity: what was typed, what of it is wrong, and the entity that it makes.
import { z } from '@hono/zod-openapi';
import type { Entity, EntityChange } from '../../domain/entities/entity.ts';
import { isJsonObject } from '../../domain/json-object.ts';
import { attributesField, entityNameField, quantityField, visibilityField } from '../shapes/entity-fields.ts';
import type { Form } from './pages.ts';

export type EntityField = 'code' | 'type' | 'quantity' | 'visibility' | 'attributes';
export type Typed = Readonly<Record<EntityField, string>>;
export type Errors = Readonly<Partial<Record<EntityField, string>>>;

export const typedFrom = ({ code, type, quantity, visibility, attributes }: Entity): Typed => ({
  code,
  type,
  quantity: String(quantity),
  visibility,
  attributes: JSON.stringify(attributes, null, 2),
});

export const typedIn = ({ code = '', type = '', quantity = '', visibility = '', attributes = '' }: Form): Typed => ({
  code,
  type,
  quantity,
  visibility,
  attributes,
});

const EntityForm = z.object({
  code: entityNameField,
  type: entityNameField,
  quantity: z
    .string()
    .regex(/^\s*\d{1,15}\s*$/, 'must be a whole number of at least 0')
    .transform(Number)
    .pipe(quantityField),
  visibility: visibilityField,
  attributes: z.string().transform(parseObject).pipe(attributesField),
});

function parseObject(text: string, context: z.RefinementCtx) {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Said below: the parser's own words are for programmers.
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON object, such as {"color": "red"}' });
  return z.NEVER;
}

/** The change that was typed, or what is wrong with it, field by field. */
export function changeIn(typed: Typed): { readonly change: EntityChange } | { readonly errors: Errors } {
  const parsed = EntityForm.safeParse(typed);
  if (parsed.success) return { change: parsed.data };
  const errors = parsed.error.issues.map(({ path: [field], message }) => [field, `This ${message}.`]);
  return { errors: Object.fromEntries(errors) };
}
