// Routes for people, monitors and other services: health, public keys, the OpenAPI document and Swagger UI.
import { SwaggerUI } from '@hono/swagger-ui';
import { z } from '@hono/zod-openapi';
import { html, raw } from 'hono/html';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { anyone } from '../operation/guards/anyone.ts';
import { operationsIn } from '../operation/operation.ts';
import { openApiDocument } from './document.ts';

const tag = 'Operations';
const check = z.enum(['ok', 'failing']);
const HealthBody = z
  .object({ status: check, checks: z.object({ d1: check, kv: check }), version: z.string() })
  .openapi('Health');
const signingKey = { kid: z.string(), use: z.literal('sig') };
const JwksBody = z
  .object({
    keys: z
      .array(
        z.discriminatedUnion('kty', [
          z.object({
            kty: z.literal('EC'),
            crv: z.string(),
            x: z.string(),
            y: z.string(),
            ...signingKey,
            alg: z.literal('ES256'),
          }),
          z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string(), ...signingKey, alg: z.literal('RS256') }),
        ]),
      )
      .readonly(),
  })
  .openapi('JwkSet');

const healthExample = { status: 'ok', checks: { d1: 'ok', kv: 'ok' }, version: '6f9619ff-8b86-4011-b42d-00c04fc964ff' };
const jwksExample = {
  keys: [{ kty: 'EC', crv: 'P-256', x: 'f83OJ3D2…', y: 'x_FEzRu9…', kid: 'NzbLsXh8…', alg: 'ES256', use: 'sig' }],
};

/** Other services may cache the keys this long: publish a new key for longer before it signs. */
const JWKS_MAX_AGE_SECONDS = 5 * 60;

export function serviceApi(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/healthz',
      operationId: 'getHealth',
      tag,
      summary: 'Whether the stores answer',
      description:
        'For monitors: a trivial query of D1 and of KV. However many ask, each isolate checks once in five seconds.',
      guard: anyone,
      answers: {
        200: { description: 'Both answer.', schema: HealthBody, example: healthExample },
        503: {
          description: 'One does not.',
          schema: HealthBody,
          example: { ...healthExample, status: 'failing', checks: { d1: 'failing', kv: 'ok' } },
        },
      },
      refuses: [],
    },
    async ({ c, ports, audit }) => {
      const { d1, kv } = await ports.health.current(audit.now);
      const body = {
        status: statusOf(d1 && kv),
        checks: { d1: statusOf(d1), kv: statusOf(kv) },
        version: c.env.VERSION?.id ?? 'local',
      };
      return d1 && kv ? reply(200, body) : reply(503, body);
    },
  );

  operation(
    {
      method: 'get',
      path: '/.well-known/jwks.json',
      operationId: 'getJwks',
      tag,
      summary: 'The public keys',
      description: 'A JWK set (RFC 7517) with which any service can verify tokens by itself.',
      guard: anyone,
      answers: {
        200: {
          description: 'The keys. The first EC key signs; an RSA key signs ID tokens alone.',
          schema: JwksBody,
          example: jwksExample,
        },
      },
      refuses: [],
    },
    ({ ports }) =>
      reply(200, { keys: ports.issuer.keys.published }, { 'Cache-Control': `public, max-age=${JWKS_MAX_AGE_SECONDS}` }),
  );

  // Built at the first request, once per isolate.
  let document: string | undefined;
  api.app.get('/openapi.json', (c) => {
    document ??= JSON.stringify(openApiDocument(api));
    return c.body(document, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'public, max-age=60' });
  });

  api.app.get('/docs/signed-in', (c) => c.html(signedInPage, 200, { 'Content-Security-Policy': DOCS_CSP }));

  api.app.get('/docs', (c) =>
    c.html(docsPage, 200, { 'Content-Security-Policy': DOCS_CSP, 'Cache-Control': 'public, max-age=60' }),
  );
}

/** Where the code flow ends that Swagger UI starts in a window of its own; its script hands the code over. */
const signedInPage = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Signed in</title>
  </head>
  <body><script src="/assets/swagger-ui-dist/oauth2-redirect.js"></script></body>
</html>`;

const statusOf = (answers: boolean): 'ok' | 'failing' => (answers ? 'ok' : 'failing');

// Swagger UI draws its icons from data: URLs; it needs no inline script and no inline style.
const DOCS_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const docsPage = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Latchkey API</title>
    <link rel="icon" href="/assets/favicon.svg">
  </head>
  <body>
    ${raw(
      SwaggerUI({
        baseUrl: '/assets',
        url: '/openapi.json',
        manuallySwaggerUIHtml: ({ css, js }) =>
          [
            ...css.map((url) => `<link rel="stylesheet" href="${url}">`),
            '<div id="swagger-ui"></div>',
            ...[...js, '/assets/docs.js'].map((url) => `<script src="${url}"></script>`),
          ].join(''),
      }),
    )}
  </body>
</html>`;
