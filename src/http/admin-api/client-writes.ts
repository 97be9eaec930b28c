// Clients for admins: register, change and delete them, replace a secret.
import { changeClient, registerClient, replaceClientSecret } from '../../domain/oauth/client-registration.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import {
  newClientExample as bodyExample,
  clientExample as example,
  registeredExample as registered,
} from './client-examples.ts';
import {
  ClientBody,
  ClientChangeBody,
  ClientParams,
  clientView,
  NewClientBody,
  RegisteredClientBody,
  registeredView,
} from './client-shapes.ts';

const tag = 'Administration';
const path = '/api/admin/clients';

export function clientWrites(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'post',
      path,
      operationId: 'registerClient',
      tag,
      summary: 'Register a client',
      description:
        'A redirect is `https`, `http` on this machine, or, for public clients, a private-use scheme with a dot in ' +
        'it. A first-party client asks for no consent and may have the scope `account`.',
      guard: admin,
      recent: 'for changes',
      body: NewClientBody,
      bodyExample,
      answers: { 201: { description: 'The client.', schema: RegisteredClientBody, example: registered } },
      refuses: [],
    },
    async ({ body, ports, audit }) => {
      const client = await registerClient(ports, body, audit);
      if (isRefusal(client)) return client;
      return reply(201, registeredView(client), { Location: `${path}/${client.client.id}` });
    },
  );

  operation(
    {
      method: 'patch',
      path: `${path}/{id}`,
      operationId: 'changeClient',
      tag,
      summary: 'Change a client',
      description:
        'A field that is not given stays; lists are replaced. A scope that is taken away counts from the next ' +
        'authorization and refresh.',
      guard: admin,
      recent: 'for changes',
      params: ClientParams,
      body: ClientChangeBody,
      bodyExample: { name: 'Photo Album' },
      answers: { 200: { description: 'The client as it is now.', schema: ClientBody, example } },
      refuses: ['client_not_found'],
    },
    async ({ params, body, ports, audit }) => {
      const client = await changeClient(ports, params.id, body, audit);
      return isRefusal(client) ? client : reply(200, clientView(client));
    },
  );

  operation(
    {
      method: 'delete',
      path: `${path}/{id}`,
      operationId: 'deleteClient',
      tag,
      summary: 'Delete a client',
      description: 'Its grants, sessions and codes end at once.',
      guard: admin,
      recent: 'for changes',
      params: ClientParams,
      answers: { 204: { description: 'The client was deleted.' } },
      refuses: ['client_not_found'],
    },
    async ({ params, ports, audit }) => {
      const removed = await ports.clients.remove(params.id, audit);
      if (isRefusal(removed)) return removed;
      return removed === 'removed' ? reply(204) : refuse('client_not_found');
    },
  );

  operation(
    {
      method: 'post',
      path: `${path}/{id}/secret`,
      operationId: 'replaceClientSecret',
      tag,
      summary: "Replace a client's secret",
      description: 'The earlier one stops working at once.',
      guard: admin,
      recent: 'for changes',
      params: ClientParams,
      answers: { 200: { description: 'The client.', schema: RegisteredClientBody, example: registered } },
      refuses: ['client_not_found', 'client_is_public'],
    },
    async ({ params, ports, audit }) => {
      const client = await replaceClientSecret(ports, params.id, audit);
      return isRefusal(client) ? client : reply(200, registeredView(client));
    },
  );
}
