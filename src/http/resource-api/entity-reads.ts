// Reading entities, with a token or without.
import { z } from '@hono/zod-openapi';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';
import { readPublicly } from '../shapes/cached-read.ts';
import { etagOf, isUnchanged } from '../shapes/etag.ts';
import { idField } from '../shapes/paging.ts';
import { ENTITY_HEADERS, ifNoneMatchField, READ_HEADERS } from './entity-headers.ts';
import { EntitiesBody, EntityBody, entitiesView, entityExample, entityView } from './entity-shapes.ts';
import { EntitiesQuery, entityQuery, sealedCursor } from './list-query.ts';

const tag = 'Resource API';
export const EntityParams = z.object({ id: idField });

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
        'The public ones; with a token also the own private ones, and all of them for admins. A combination of filters and sort that no index bounds is refused. A search for several words, or with other filters, may give a short page: the end is where `next_cursor` is null.',
      access: 'optional',
      query: EntitiesQuery,
      answers: {
        200: {
          description: 'A page.',
          schema: EntitiesBody,
          example: { entities: [entityExample], next_cursor: null },
          headers: READ_HEADERS,
        },
      },
      refuses: ['token_required', 'unsupported_query', 'invalid_cursor'],
    },
    async ({ c, caller, query, ports }) => {
      const asked = await entityQuery(query, caller?.accountId, ports.issuer.keys);
      if (isRefusal(asked)) return asked;
      const read = await readPublicly(c, caller, asked.parameters, async () => {
        const page = await ports.entities.list(asked.query, caller?.accountId);
        return entitiesView(page, await sealedCursor(ports.issuer.keys, asked, page.next));
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
        'A private one is there for its owner and for admins only. `If-None-Match` with the `ETag` of before saves the body.',
      access: 'optional',
      params: EntityParams,
      headers: z.object({ 'If-None-Match': ifNoneMatchField }),
      answers: {
        200: { description: 'The entity.', schema: EntityBody, example: entityExample, headers: ENTITY_HEADERS },
        304: { description: 'It is as it was.' },
      },
      refuses: ['entity_not_found'],
    },
    async ({ c, caller, params, ports }) => {
      const read = await readPublicly(c, caller, {}, async () => {
        const entity = await ports.entities.find(params, caller?.accountId);
        return entity ? entityView(entity) : refuse('entity_not_found');
      });
      if (isRefusal(read)) return read;
      const headers = { ...read.headers, ETag: etagOf(read.body.version) };
      const unchanged = isUnchanged(c.req.header('If-None-Match'), read.body.version);
      return unchanged ? reply(304, undefined, headers) : reply(200, read.body, headers);
    },
  );
}
