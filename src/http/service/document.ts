// The OpenAPI document, made from the declarations and tables that the responses come from.
import { SCOPES } from '../../domain/oauth/scopes.ts';
import type { Reason } from '../../domain/refusal.ts';
import type { Api } from '../context.ts';
import { problemSchema } from '../errors/problem.ts';
import { PROBLEMS } from '../errors/problem-texts.ts';
import { withSharedResponses } from './shared-responses.ts';

const DESCRIPTION = `Accounts, sessions and entities at the edge: four published contracts over one core.
An account created through one logs in through any other; either kind of token is accepted on every protected route.
Each path answers with and without a trailing slash.`;

/** The document of every operation that contracts have added. It registers them, so it must be called once. */
export function openApiDocument({ app, documented }: Api) {
  for (const route of documented) app.openAPIRegistry.registerPath(route());
  // Every code in one schema: some, such as method_not_allowed, belong to no operation.
  const everyReason = Object.keys(PROBLEMS) as Reason[]; // keyed by reason
  app.openAPIRegistry.registerComponent('schemas', 'Problem', problemSchema(everyReason));
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token or a session token.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'password', {
    type: 'oauth2',
    description:
      'An email or a username, and a password; no client id and no secret. This form has no field for the code of an ' +
      'authenticator app: an account that has one sends `otp` to `POST /token`, and gives the `access_token` of the ' +
      'answer to `bearer`.',
    flows: { password: { tokenUrl: '/token', scopes: {} } },
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'oauth2', {
    type: 'oauth2',
    description:
      'A token of a registered client, with the scopes that its user granted. PKCE is required; a public client has ' +
      'no secret. To authorize on this page, give the id of a public client whose redirect is `/docs/signed-in` of ' +
      'this service.',
    flows: {
      authorizationCode: { authorizationUrl: '/oauth/authorize', tokenUrl: '/oauth/token', scopes: SCOPES },
    },
  });
  const document = app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Latchkey',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: '/', description: 'This deployment' }],
    tags: TAGS,
  });
  return withSharedResponses(document);
}

const TAGS = [
  { name: 'Token API', description: 'An access and a refresh token, under `/api`.' },
  { name: 'Envelope API', description: 'A session token and `{status, message}` envelopes, under `/auth/`.' },
  {
    name: 'Session API',
    description: 'A session token and the account with its own data, at `/`, `/user` and `/auth`.',
  },
  { name: 'Resource API', description: 'A session token at `/token`; the account, entities and games.' },
  {
    name: 'Identity',
    description: 'Proofs of identity: emails, forgotten passwords, second factors, passkeys. Under `/api`.',
  },
  {
    name: 'Administration',
    description: 'Settings, accounts and the audit trail, under `/api/admin`. For admins only, checked at each call.',
  },
  {
    name: 'OAuth 2.1',
    description: 'Other apps sign in with this service: their provider, and the grants that people gave them.',
  },
  { name: 'Operations', description: 'For monitors and other services.' },
];
