// The form of an entity: its input, the errors in it, and the change that it makes.
import { z } from '@hono/zod-openapi';
import type { Entity, EntityChange } from '../../domain/entities/entity.ts';
import { isJsonObject } from '../../domain/json-object.ts';
import { once } from '../once.ts';
import type { Form } from '../pages/form.ts';
import { attributesField, entityNameField, quantityField, visibilityField } from '../shapes/entity-fields.ts';

export type EntityField = 'code' | 'type' | 'quantity' | 'visibility' | 'attributes';
export type Input = Readonly<Record<EntityField, string>>;
export type Errors = Readonly<Partial<Record<EntityField, string>>>;

export const inputFrom = ({ code, type, quantity, visibility, attributes }: Entity): Input => ({
  code,
  type,
  quantity: String(quantity),
  visibility,
  attributes: JSON.stringify(attributes, null, 2),
});

export const inputIn = ({ code = '', type = '', quantity = '', visibility = '', attributes = '' }: Form): Input => ({
  code,
  type,
  quantity,
  visibility,
  attributes,
});

const EntityForm = once(() =>
  z.object({
    code: entityNameField(),
    type: entityNameField(),
    quantity: z
      .string()
      .regex(/^\s*\d{1,15}\s*$/, 'must be a whole number of at least 0')
      .transform(Number)
      .pipe(quantityField()),
    visibility: visibilityField(),
    attributes: z.string().transform(parseObject).pipe(attributesField()),
  }),
);

function parseObject(text: string, context: z.RefinementCtx) {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // Reported below: the parser's message is for programmers.
  }
  context.addIssue({ code: 'custom', message: 'must be a JSON object, such as {"color": "red"}' });
  return z.NEVER;
}

/** The change that the input makes, or the errors in it by field. */
export function changeIn(input: Input): { readonly change: EntityChange } | { readonly errors: Errors } {
  const parsed = EntityForm().safeParse(input);
  if (parsed.success) return { change: parsed.data };
  const errors = parsed.error.issues.map(({ path: [field], message }) => [field, `This ${message}.`]);
  return { errors: Object.fromEntries(errors) };
}
