// The bodies of /auth/products and /auth/inventory: entities as the clients of this contract know them.
import { z } from '@hono/zod-openapi';
import type { Entity, NewEntity } from '../../domain/entities/entity.ts';
import { entityNameField, quantityField } from '../shapes/entity-fields.ts';
import { messageBody, messageView } from './shapes.ts';

export const NewProductBody = z
  .object({ code: entityNameField, type: entityNameField, quantity: quantityField })
  .transform((product): NewEntity => ({ ...product, attributes: {}, visibility: 'public' }));

/** Codes are looked up as they are: a code that no product can have is not found. */
const codeField = z.string().min(1);

export const ProductChangeBody = z.object({
  code: codeField,
  type: entityNameField.optional(),
  quantity: quantityField.optional(),
});

export const ProductCodeBody = z.object({ code: codeField.optional() });
export const ProductCodeQuery = z.object({
  code: z.string().optional().openapi({ description: 'Used if the body has none.' }),
});

export const InventoryQuery = z.object({
  code: z.string().optional().openapi({ example: 'SHOE-42', description: 'One product. Wins over `type`.' }),
  type: z.string().optional().openapi({ description: 'At most 100 products of a type, the oldest first.' }),
});

const ProductFields = z.object({ code: z.string(), type: z.string(), quantity: z.int() }).openapi('Product');

/** A product with a message: the answer to every write. */
export const productBody = <M extends string>(message: M) => messageBody(message).extend({ data: ProductFields });

export const InventoryBody = z.object({
  status: z.literal('success'),
  data: z.union([ProductFields, z.array(ProductFields)]),
});

const productFields = ({ code, type, quantity }: Entity): z.infer<typeof ProductFields> => ({ code, type, quantity });

export const productView = <M extends string>(
  message: M,
  entity: Entity,
): z.infer<ReturnType<typeof productBody<M>>> => ({
  ...messageView(message),
  data: productFields(entity),
});

export const inventoryView = (found: Entity | readonly Entity[]): z.infer<typeof InventoryBody> => ({
  status: 'success',
  // Array.isArray does not narrow a readonly array.
  data: Array.isArray(found) ? found.map(productFields) : productFields(found as Entity),
});

export const product = { code: 'SHOE-42', type: 'shoe', quantity: 7 };
