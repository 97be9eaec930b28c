// POST /oauth/revoke (RFC 7009) and POST /oauth/introspect (RFC 7662): a client ends, or asks about, its own tokens.
import { z } from '@hono/zod-openapi';
import { type ActiveToken, introspectToken, revokeToken } from '../../domain/oauth/introspection.ts';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { oauthForms, UNCACHED } from '../errors/oauth-forms.ts';
import { type Infer, once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { clientEndpoint, clientOf, formOf } from './forms.ts';

const IntrospectionBody = once(() =>
  z
    .object({
      active: z.boolean(),
      token_type: z.string().optional(),
      scope: z.string().optional(),
      client_id: z.string().optional(),
      username: z.string().optional(),
      sub: z.string().optional(),
      sid: z.string().optional(),
      iss: z.string().optional(),
      exp: z.int().optional(),
    })
    .openapi('Introspection'),
);

const bodyExample = {
  client_id: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  client_secret: 'q3Jm0sM9nBvX',
  token: '0d6ac2b4-6f25-4d43-9f3e-6a2f9a3f1c55',
};
const example = {
  active: true,
  token_type: 'Bearer',
  scope: 'openid profile',
  client_id: bodyExample.client_id,
  username: 'John Smith',
  sub: '1',
  sid: '2f1d6f0e-0f0b-4d43-9c53-1a4f6f0b7f3a',
  iss: 'https://id.example.com',
  exp: 1_795_208_400,
};

const body = formOf('token', 'token_type_hint');
const MISSING = { description: 'token is missing.' };

const activeView = (token: ActiveToken, clientId: string, issuer: string): Infer<typeof IntrospectionBody> => ({
  active: true,
  ...(token.tokenType === 'access_token' ? { token_type: 'Bearer' } : {}),
  scope: token.scope,
  client_id: clientId,
  ...(token.username === undefined ? {} : { username: token.username }),
  sub: token.subject,
  ...(token.sessionId === undefined ? {} : { sid: token.sessionId }),
  iss: issuer,
  exp: token.expiresAt,
});

export function revokeOperation(api: Api): void {
  operationsIn(api, oauthForms)(
    {
      ...clientEndpoint,
      method: 'post',
      path: '/oauth/revoke',
      operationId: 'oauthRevoke',
      summary: 'End the session of a token',
      description:
        'Takes a refresh or an access token of the client (RFC 7009). The whole session ends; an issued access ' +
        'token works until it expires, except at userinfo and introspection. Any other text gets the same ' +
        'answer.',
      guard: anyone,
      body,
      bodyExample,
      answers: {
        200: { description: 'The token does not work, or never did.', schema: () => z.object({}), example: {} },
      },
      refuses: ['invalid_client', 'invalid_request'],
    },
    async ({ c, body: form, ports, audit }) => {
      const client = await clientOf(c, form);
      if (isRefusal(client)) return client;
      if (form.token === undefined) return refuse('invalid_request', MISSING);
      await revokeToken(ports, client, form.token, audit);
      return reply(200, {}, UNCACHED);
    },
  );
}

export function introspectOperation(api: Api): void {
  operationsIn(api, oauthForms)(
    {
      ...clientEndpoint,
      method: 'post',
      path: '/oauth/introspect',
      operationId: 'oauthIntrospect',
      summary: 'Whether a token is active',
      description:
        'For confidential clients, about their own tokens (RFC 7662). The session is looked up: a revoked one is ' +
        'inactive at once. Any other token is inactive.',
      guard: anyone,
      body,
      bodyExample,
      answers: { 200: { description: 'The state of the token.', schema: IntrospectionBody, example } },
      refuses: ['invalid_client', 'invalid_request'],
    },
    async ({ c, body: form, ports, audit }) => {
      const client = await clientOf(c, form);
      if (isRefusal(client)) return client;
      if (client.kind === 'public') return refuse('invalid_client');
      if (form.token === undefined) return refuse('invalid_request', MISSING);
      const active = await introspectToken(ports, client, form.token, audit.now);
      return reply(200, active ? activeView(active, client.id, ports.issuer.name) : { active: false }, UNCACHED);
    },
  );
}
