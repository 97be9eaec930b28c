// The OpenAPI document, made from the same declarations and tables that the answers come from.
import type { Api } from '../context.ts';

const DESCRIPTION = `Accounts, sessions and entities at the edge: four published contracts over one core.
An account made through one logs in through any other; either kind of token is accepted on every protected route.
Each path answers with and without a trailing slash.`;

/** The document of every operation that contracts have added. Call it once: it registers them. */
export function openApiDocument({ app, documented }: Api) {
  for (const route of documented) app.openAPIRegistry.registerPath(route());
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token or a session token.',
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'password', {
    type: 'oauth2',
    description: 'An email or a username, and a password; no client id and no secret.',
    flows: { password: { tokenUrl: '/token', scopes: {} } },
  });
  return app.getOpenAPI31Document({
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
    name: 'Administration',
    description: 'For admins only, which is checked at each call: settings, accounts, audit, under `/api/admin`.',
  },
  { name: 'Operations', description: 'For monitors and other services.' },
];
