// Clients for admins: list them, read one.
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { readPage } from '../shapes/paging.ts';
import { clientExample as example } from './client-examples.ts';
import { ClientBody, ClientParams, ClientsBody, ClientsQuery, clientsView, clientView } from './client-shapes.ts';

const tag = 'Administration';
const path = '/api/admin/clients';

export function clientReads(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path,
      operationId: 'listClients',
      tag,
      summary: 'List clients',
      description: 'Apps that sign people in with this service, the newest first.',
      guard: admin,
      query: ClientsQuery,
      answers: {
        200: {
          description: 'A page of clients.',
          schema: ClientsBody,
          example: { clients: [example], next_cursor: null },
        },
      },
      refuses: ['invalid_cursor'],
    },
    async ({ query: { cursor, limit }, ports }) => {
      const page = await readPage(ports.issuer.keys, 'clients', cursor, (after) => ports.clients.list(after, limit));
      return isRefusal(page) ? page : reply(200, clientsView(page));
    },
  );

  operation(
    {
      method: 'get',
      path: `${path}/{id}`,
      operationId: 'getClient',
      tag,
      summary: 'Read a client',
      description: 'Without its secret, which is stored as a hash.',
      guard: admin,
      params: ClientParams,
      answers: { 200: { description: 'The client.', schema: ClientBody, example } },
      refuses: ['client_not_found'],
    },
    async ({ params, ports }) => {
      const found = await ports.clients.find(params.id);
      return found ? reply(200, clientView(found.client)) : refuse('client_not_found');
    },
  );
}
