// The bodies of /auth/products and /auth/inventory: entities as the clients of this contract know them.
import { z } from '@hono/zod-openapi';
import type { Entity, NewEntity } from '../../domain/entities/entity.ts';
import { type Infer, once } from '../once.ts';
import { entityNameField, quantityField } from '../shapes/entity-fields.ts';
import { messageBody, messageView } from './shapes.ts';

export const NewProductBody = once(() =>
  z
    .object({ code: entityNameField(), type: entityNameField(), quantity: quantityField() })
    .transform((product): NewEntity => ({ ...product, attributes: {}, visibility: 'public' })),
);

/** Codes are looked up as they are: a code that no product can have is not found. */
const codeField = once(() => z.string().min(1));

export const ProductChangeBody = once(() =>
  z.object({
    code: codeField(),
    type: entityNameField().optional(),
    quantity: quantityField().optional(),
  }),
);

export const ProductCodeBody = once(() => z.object({ code: codeField().optional() }));
export const ProductCodeQuery = once(() =>
  z.object({
    code: z.string().optional().openapi({ description: 'Used if the body has none.' }),
  }),
);

export const InventoryQuery = once(() =>
  z.object({
    code: z.string().optional().openapi({ example: 'SHOE-42', description: 'One product. Wins over `type`.' }),
    type: z.string().optional().openapi({ description: 'At most 100 products of a type, the oldest first.' }),
  }),
);

const ProductFields = once(() =>
  z.object({ code: z.string(), type: z.string(), quantity: z.int() }).openapi('Product'),
);

/** A product with a message: the answer to every write. */
export const productBody = <M extends string>(message: M) => messageBody(message).extend({ data: ProductFields() });

export const InventoryBody = once(() =>
  z.object({
    status: z.literal('success'),
    data: z.union([ProductFields(), z.array(ProductFields())]),
  }),
);

const productFields = ({ code, type, quantity }: Entity): Infer<typeof ProductFields> => ({ code, type, quantity });

export const productView = <M extends string>(
  message: M,
  entity: Entity,
): z.infer<ReturnType<typeof productBody<M>>> => ({
  ...messageView(message),
  data: productFields(entity),
});

export const inventoryView = (found: Entity | readonly Entity[]): Infer<typeof InventoryBody> => ({
  status: 'success',
  // Array.isArray does not narrow a readonly array.
  data: Array.isArray(found) ? found.map(productFields) : productFields(found as Entity),
});

export const product = { code: 'SHOE-42', type: 'shoe', quantity: 7 };
