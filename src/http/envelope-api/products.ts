// Adding products, which are entities of the Resource API as well.
import { createEntity } from '../../domain/entities/creation.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
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
      description: 'You own it, and everybody can see it. It is an entity of the Resource API as well.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      body: NewProductBody,
      bodyExample: product,
      answers: {
        201: {
          description: 'The product.',
          schema: () => productBody(ADDED),
          example: { status: 'success', message: ADDED, data: product },
        },
      },
      refuses: ['code_taken', 'quota_exceeded'],
    },
    async ({ body, ports, audit }) => {
      const added = await createEntity(ports, body, audit);
      return isRefusal(added) ? added : reply(201, productView(ADDED, added));
    },
  );
}
