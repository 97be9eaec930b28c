// GET /api/grants, DELETE /api/grants/{client_id}: what the caller's account lets clients do.
import { z } from '@hono/zod-openapi';
import type { Grant } from '../../domain/oauth/grant.ts';
import { ALL_SCOPES } from '../../domain/oauth/scopes.ts';
import { isRefusal } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { type Infer, once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { bearer } from '../operation/guards/bearer.ts';
import { operationsIn } from '../operation/operation.ts';
import { timestamp, timestampField } from '../shapes/fields.ts';

const tag = 'OAuth 2.1';

const GrantsBody = once(() =>
  z
    .object({
      grants: z.array(
        z.object({
          client_id: z.uuid(),
          name: z.string(),
          scopes: z.array(z.enum(ALL_SCOPES)).readonly(),
          created_at: timestampField(),
          last_used_at: timestampField(),
        }),
      ),
    })
    .openapi('Grants'),
);

const grantView = ({ clientId, clientName, scopes, createdAt, lastUsedAt }: Grant) => ({
  client_id: clientId,
  name: clientName,
  scopes,
  created_at: timestamp(createdAt),
  last_used_at: timestamp(lastUsedAt),
});

const grantsView = (grants: readonly Grant[]): Infer<typeof GrantsBody> => ({ grants: grants.map(grantView) });

const example = {
  grants: [
    {
      client_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
      name: 'Photo Album',
      scopes: ['openid' as const, 'profile' as const],
      created_at: '2026-11-20T21:00:00.000Z',
      last_used_at: '2026-11-20T21:00:30.000Z',
    },
  ],
};

export function grantOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/grants',
      operationId: 'listGrants',
      tag,
      summary: 'List the apps that you let sign you in',
      description: 'First-party apps too. The last used first.',
      guard: bearer,
      answers: { 200: { description: 'The grants.', schema: GrantsBody, example } },
      refuses: [],
    },
    async ({ caller, ports }) => reply(200, grantsView(await ports.grants.list(caller.accountId))),
  );

  operation(
    {
      method: 'delete',
      path: '/api/grants/{client_id}',
      operationId: 'withdrawGrant',
      tag,
      summary: 'Take a grant back',
      description: "The app's sessions and pending codes end at once; an issued access token ends when it expires.",
      guard: bearer,
      params: once(() => z.object({ client_id: z.uuid() })),
      answers: { 204: { description: 'The grant was withdrawn.' } },
      refuses: ['grant_not_found'],
    },
    async ({ params, ports, audit }) => {
      const withdrawn = await ports.grants.withdraw(params.client_id.toLowerCase(), audit);
      return isRefusal(withdrawn) ? withdrawn : reply(204);
    },
  );
}
