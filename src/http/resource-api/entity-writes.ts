// Writing entities: their owner and admins only, at the version they take it to be at.
import { z } from '@hono/zod-openapi';
import { type Once, patchEntity } from '../../domain/entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { hashToken } from '../../domain/sessions/refresh-token.ts';
import type { Api, Context } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { etagOf, expectedVersions } from '../shapes/etag.ts';
import { CREATED_HEADERS, idempotencyKeyField, ifMatchField, WRITTEN_HEADERS } from './entity-headers.ts';
import { EntityParams } from './entity-reads.ts';
import {
  EntityBody,
  EntityPatchBody,
  entityExample,
  entityView,
  NewEntityBody,
  newEntityExample,
  ReplacementBody,
} from './entity-shapes.ts';

const tag = 'Resource API';
const written = {
  description: 'The entity as it is now.',
  schema: EntityBody,
  example: { ...entityExample, version: 2 },
  headers: WRITTEN_HEADERS,
};
const writing = {
  tag,
  access: 'bearer',
  params: EntityParams,
  headers: z.object({ 'If-Match': ifMatchField }),
} as const;

export function entityWrites(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path: '/entities',
      operationId: 'createEntity',
      tag,
      summary: 'Create an entity',
      description:
        'The caller owns it. With an `Idempotency-Key` a repeated request is answered as the first success was, and makes nothing new.',
      access: 'bearer',
      headers: z.object({ 'Idempotency-Key': idempotencyKeyField }),
      body: NewEntityBody,
      bodyExample: newEntityExample,
      answers: {
        201: { description: 'The new entity.', schema: EntityBody, example: entityExample, headers: CREATED_HEADERS },
      },
      refuses: ['code_taken', 'invalid_idempotency_key', 'idempotency_key_reused'],
    },
    async ({ c, caller, body, ports, now }) => {
      const once = await onceOf(c, body);
      if (isRefusal(once)) return once;
      const writer = { accountId: caller.accountId, now };
      const entity = await (once ? ports.entities.addOnce(body, once, writer) : ports.entities.add(body, writer));
      if (isRefusal(entity)) return entity;
      return reply(201, entityView(entity), { Location: `/entities/${entity.id}`, ETag: etagOf(entity.version) });
    },
  );

  operation(
    {
      ...writing,
      method: 'put',
      path: '/entities/{id}',
      operationId: 'replaceEntity',
      summary: 'Replace an entity',
      description: 'Attributes that are not given are gone; a visibility that is not given stays.',
      body: ReplacementBody,
      bodyExample: { ...newEntityExample, quantity: 8 },
      answers: { 200: written },
      refuses: ['entity_not_found', 'forbidden', 'code_taken', 'precondition_failed'],
    },
    async ({ c, caller, params, body, ports, now }) => {
      const entity = await ports.entities.change(params, body, expected(c), { accountId: caller.accountId, now });
      return isRefusal(entity) ? entity : reply(200, entityView(entity), { ETag: etagOf(entity.version) });
    },
  );

  operation(
    {
      ...writing,
      method: 'patch',
      path: '/entities/{id}',
      operationId: 'patchEntity',
      summary: 'Change an entity in part',
      description: 'A merge patch (RFC 7396): what is not given stays, `null` removes, objects merge.',
      body: EntityPatchBody,
      bodyExample: { quantity: 8, attributes: { color: null } },
      mediaTypes: ['application/merge-patch+json', 'application/json'],
      answers: { 200: written },
      refuses: ['entity_not_found', 'forbidden', 'code_taken', 'precondition_failed'],
    },
    async ({ c, caller, params, body, ports, now }) => {
      const entity = await patchEntity(ports.entities, params.id, body, expected(c), {
        accountId: caller.accountId,
        now,
      });
      return isRefusal(entity) ? entity : reply(200, entityView(entity), { ETag: etagOf(entity.version) });
    },
  );

  operation(
    {
      ...writing,
      method: 'delete',
      path: '/entities/{id}',
      operationId: 'deleteEntity',
      summary: 'Delete an entity',
      description: 'Its code is free again; its id is never used again.',
      answers: { 204: { description: 'The entity is gone.' } },
      refuses: ['entity_not_found', 'forbidden', 'precondition_failed'],
    },
    async ({ c, caller, params, ports, now }) => {
      const refused = await ports.entities.remove(params, expected(c), { accountId: caller.accountId, now });
      return refused ?? reply(204);
    },
  );
}

const expected = (c: Context) => expectedVersions(c.req.header('If-Match'));

/** What the `Idempotency-Key` of a request stands for; undefined where there is none. The body counts as it was understood. */
async function onceOf(c: Context, body: unknown): Promise<Once | undefined | Refusal<'invalid_idempotency_key'>> {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined) return undefined;
  if (key.length < 1 || key.length > 255) return refuse('invalid_idempotency_key');
  return { keyHash: await hashToken(key), requestHash: await hashToken(JSON.stringify(body)) };
}
