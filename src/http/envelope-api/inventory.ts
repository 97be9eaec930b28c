// The inventory: products found by code or type, changed and deleted by their code.
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { readerOf } from '../../domain/sign-in/caller.ts';
import type { Api } from '../context.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { optionalBearer } from '../operation/guards/optional-bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { envelope } from './error-format.ts';
import {
  InventoryBody,
  InventoryQuery,
  inventoryView,
  ProductChangeBody,
  ProductCodeBody,
  ProductCodeQuery,
  product,
  productBody,
  productView,
} from './product-shapes.ts';
import { messageBody, messageView } from './shapes.ts';

const tag = 'Envelope API';
const path = '/auth/inventory';
const UPDATED = 'Product updated.';
const DELETED = 'Product deleted.';
const MAX_LISTED = 100;

export function inventoryOperations(api: Api): void {
  const operation = operationsIn(api, envelope);

  operation(
    {
      method: 'get',
      path,
      operationId: 'envelopeInventory',
      tag,
      summary: 'Find products',
      description:
        'One by its code, or a list by type. Public products need no token; private ones are shown to their owner ' +
        'and admins only.',
      guard: optionalBearer,
      scope: 'entities:read',
      query: InventoryQuery,
      answers: {
        200: {
          description: 'The product or products.',
          schema: InventoryBody,
          example: { status: 'success', data: product },
        },
      },
      refuses: ['entity_not_found'],
    },
    async ({ caller, query: { code, type }, ports }) => {
      const reader = readerOf(caller);
      if (code) {
        const found = await ports.entities.find({ code }, reader);
        return found ? reply(200, inventoryView(found)) : refuse('entity_not_found');
      }
      if (!type) return refuse('invalid_query');
      const { items } = await ports.entities.list(
        { type, sort: { key: 'id', descending: false }, limit: MAX_LISTED },
        reader,
      );
      return reply(200, inventoryView(items));
    },
  );

  operation(
    {
      method: 'put',
      path,
      operationId: 'envelopeUpdateProduct',
      tag,
      summary: 'Change a product',
      description: 'Changes type, quantity or both. For its owner and admins only.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      body: ProductChangeBody,
      bodyExample: { code: product.code, quantity: 8 },
      answers: {
        200: {
          description: 'The product after the change.',
          schema: () => productBody(UPDATED),
          example: { status: 'success', message: UPDATED, data: { ...product, quantity: 8 } },
        },
      },
      refuses: ['entity_not_found', 'forbidden', 'code_taken'],
    },
    async ({ body: { code, ...change }, ports, audit }) => {
      const changed = await ports.entities.change({ code }, change, 'any', audit);
      return isRefusal(changed) ? unversioned(changed) : reply(200, productView(UPDATED, changed));
    },
  );

  operation(
    {
      method: 'delete',
      path,
      operationId: 'envelopeDeleteProduct',
      tag,
      summary: 'Delete a product',
      description: 'By the code in the body, or else in the query. For its owner and admins only.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      query: ProductCodeQuery,
      body: ProductCodeBody,
      bodyExample: { code: product.code },
      bodyRequired: false,
      answers: {
        200: {
          description: 'The product was deleted.',
          schema: () => messageBody(DELETED),
          example: { status: 'success', message: DELETED },
        },
      },
      refuses: ['entity_not_found', 'forbidden'],
    },
    async ({ body, query, ports, audit }) => {
      const code = body.code ?? query.code;
      if (!code) return refuse('invalid_body');
      const removed = await ports.entities.remove({ code }, 'any', audit);
      return isRefusal(removed) ? unversioned(removed) : reply(200, messageView(DELETED));
    },
  );
}

/** The contract has no conditional writes, so a precondition cannot fail. */
const unversioned = <R extends Refusal>(refused: R) =>
  refused.refused === 'precondition_failed'
    ? refuse('unavailable')
    : (refused as Exclude<R, Refusal<'precondition_failed'>>); // narrowed by the condition
