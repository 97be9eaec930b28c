// Writing entities: for their owner and admins only, and only at the version that If-Match names.
import { z } from '@hono/zod-openapi';
import { sha256Hex } from '../../domain/digest.ts';
import { createEntity, createEntityOnce } from '../../domain/entities/creation.ts';
import { type Idempotency, patchEntity } from '../../domain/entities/entity.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import type { Api, Context } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { etagOf, expectedVersions } from '../shapes/etag.ts';
import { CreatedHeaders, idempotencyKeyField, ifMatchField, WrittenHeaders } from './entity-headers.ts';
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
  description: 'The entity after the change.',
  schema: EntityBody,
  example: { ...entityExample, version: 2 },
  headers: WrittenHeaders,
};
const writing = {
  tag,
  guard: bearer,
  scope: 'entities:write',
  accountLimit: 'write',
  params: EntityParams,
  headers: () => z.object({ 'If-Match': ifMatchField() }),
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
        'You own it. With an `Idempotency-Key`, a repeated request is answered like the first success and creates ' +
        'nothing new.',
      guard: bearer,
      scope: 'entities:write',
      accountLimit: 'write',
      headers: () => z.object({ 'Idempotency-Key': idempotencyKeyField() }),
      body: NewEntityBody,
      bodyExample: newEntityExample,
      answers: {
        201: { description: 'The new entity.', schema: EntityBody, example: entityExample, headers: CreatedHeaders },
      },
      refuses: ['code_taken', 'quota_exceeded', 'invalid_idempotency_key', 'idempotency_key_reused'],
    },
    async ({ c, body, ports, audit }) => {
      const idempotency = await idempotencyOf(c, body);
      if (isRefusal(idempotency)) return idempotency;
      const entity = await (idempotency
        ? createEntityOnce(ports, body, idempotency, audit)
        : createEntity(ports, body, audit));
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
      description: 'Attributes that are not given are removed; a visibility that is not given stays.',
      body: ReplacementBody,
      bodyExample: { ...newEntityExample, quantity: 8 },
      answers: { 200: written },
      refuses: ['entity_not_found', 'forbidden', 'code_taken', 'precondition_failed'],
    },
    async ({ c, params, body, ports, audit }) => {
      const entity = await ports.entities.change(params, body, expected(c), audit);
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
      description: 'A merge patch (RFC 7396): a field that is not given stays, `null` removes, objects merge.',
      body: EntityPatchBody,
      bodyExample: { quantity: 8, attributes: { color: null } },
      mediaTypes: ['application/merge-patch+json', 'application/json'],
      answers: { 200: written },
      refuses: ['entity_not_found', 'forbidden', 'code_taken', 'precondition_failed'],
    },
    async ({ c, params, body, ports, audit }) => {
      const entity = await patchEntity(ports.entities, params.id, body, expected(c), audit);
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
      description: 'Its code can be used again; its id never is.',
      answers: { 204: { description: 'The entity was deleted.' } },
      refuses: ['entity_not_found', 'forbidden', 'precondition_failed'],
    },
    async ({ c, params, ports, audit }) => {
      const removed = await ports.entities.remove(params, expected(c), audit);
      return isRefusal(removed) ? removed : reply(204);
    },
  );
}

const expected = (c: Context) => expectedVersions(c.req.header('If-Match'));

/** The hashes of the `Idempotency-Key` and of the parsed body; undefined without a key. */
async function idempotencyOf(
  c: Context,
  body: unknown,
): Promise<Idempotency | undefined | Refusal<'invalid_idempotency_key'>> {
  const key = c.req.header('Idempotency-Key');
  if (key === undefined) return undefined;
  if (key.length < 1 || key.length > 255) return refuse('invalid_idempotency_key');
  return { keyHash: await sha256Hex(key), requestHash: await sha256Hex(JSON.stringify(body)) };
}
