// Reading entities, with a token or without.
import { z } from '@hono/zod-openapi';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { readerOf } from '../../domain/sign-in/caller.ts';
import { cursorAt } from '../../domain/tokens/cursor.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { optionalBearer } from '../operation/guards/optional-bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { readPublicly } from '../shapes/cached-read.ts';
import { etagOf, isUnchanged } from '../shapes/etag.ts';
import { idField } from '../shapes/paging.ts';
import { EntityHeaders, ifNoneMatchField, ReadHeaders } from './entity-headers.ts';
import { EntitiesBody, EntityBody, entitiesView, entityExample, entityView } from './entity-shapes.ts';
import { EntitiesQuery, listRequest } from './list-query.ts';

const tag = 'Resource API';
export const EntityParams = once(() => z.object({ id: idField() }));

export function entityReads(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/entities',
      operationId: 'listEntities',
      tag,
      summary: 'List entities',
      description:
        'Public entities; with a token also your private ones, and for admins all of them. Every filter combines ' +
        'with every other and with every sort. Where few entities match several filters, a page may be short, even ' +
        'empty: the last page is the one whose `next_cursor` is null.',
      guard: optionalBearer,
      scope: 'entities:read',
      query: EntitiesQuery,
      answers: {
        200: {
          description: 'A page.',
          schema: EntitiesBody,
          example: { entities: [entityExample], next_cursor: null },
          headers: ReadHeaders,
        },
      },
      refuses: ['token_required', 'invalid_cursor'],
    },
    async ({ c, caller, query, ports }) => {
      const request = await listRequest(query, caller?.accountId, ports.issuer.keys);
      if (isRefusal(request)) return request;
      const read = await readPublicly(c, caller, request.parameters, async () => {
        const { items, next } = await ports.entities.list(request.query, readerOf(caller));
        return entitiesView({ items, nextCursor: await cursorAt(ports.issuer.keys, request.cursorScope, next) });
      });
      return reply(200, read.body, read.headers);
    },
  );

  operation(
    {
      method: 'get',
      path: '/entities/{id}',
      operationId: 'getEntity',
      tag,
      summary: 'Read an entity',
      description:
        'A private entity is shown to its owner and admins only. `If-None-Match` with a known `ETag` saves the body.',
      guard: optionalBearer,
      scope: 'entities:read',
      params: EntityParams,
      headers: () => z.object({ 'If-None-Match': ifNoneMatchField() }),
      answers: {
        200: { description: 'The entity.', schema: EntityBody, example: entityExample, headers: EntityHeaders },
        304: { description: 'It has not changed.' },
      },
      refuses: ['entity_not_found'],
    },
    async ({ c, caller, params, ports }) => {
      const read = await readPublicly(c, caller, {}, async () => {
        const entity = await ports.entities.find(params, readerOf(caller));
        return entity ? entityView(entity) : refuse('entity_not_found');
      });
      if (isRefusal(read)) return read;
      const headers = { ...read.headers, ETag: etagOf(read.body.version) };
      const unchanged = isUnchanged(c.req.header('If-None-Match'), read.body.version);
      return unchanged ? reply(304, undefined, headers) : reply(200, read.body, headers);
    },
  );
}
