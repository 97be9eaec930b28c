// The OpenAPI document, and Swagger UI over it.
import { SwaggerUI } from '@hono/swagger-ui';
import { html, raw } from 'hono/html';
import type { Api } from '../context.ts';
import { openApiDocument } from './document.ts';

export function docsPages(api: Api): void {
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

/** The end of the code flow that Swagger UI starts in a new window; its script hands the code over. */
const signedInPage = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Signed in</title>
  </head>
  <body><script src="/assets/swagger-ui-dist/oauth2-redirect.js"></script></body>
</html>`;

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
