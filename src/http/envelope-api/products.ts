// Adding products: entities under another name, in the envelope.
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { envelope } from './error-format.ts';
import { NewProductBody, product, productBody, productView } from './product-shapes.ts';

const ADDED = 'Product added.';

export function productOperations(api: Api): void {
  operationsIn(api, envelope)(
    {
      method: 'post',
      path: '/auth/products',
      operationId: 'envelopeAddProduct',
      tag: 'Envelope API',
      summary: 'Add a product',
      description: 'The caller owns it, and everybody sees it. It is an entity of the Resource API as well.',
      access: 'bearer',
      body: NewProductBody,
      bodyExample: product,
      answers: {
        201: {
          description: 'The product.',
          schema: productBody(ADDED),
          example: { status: 'success', message: ADDED, data: product },
        },
      },
      refuses: ['code_taken'],
    },
    async ({ caller, body, ports, now }) => {
      const added = await ports.entities.add(body, { accountId: caller.accountId, now });
      return isRefusal(added) ? added : reply(201, productView(ADDED, added));
    },
  );
}
