// CORS of the provider: any page may read its metadata and keys; pages of public clients may call its endpoints.
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { HttpEnv } from '../context.ts';

const PUBLIC_DOCUMENTS = /^\/\.well-known\/(oauth-authorization-server|openid-configuration|jwks\.json)\/?$/;
const CLIENT_ENDPOINTS = /^\/oauth\/(token|revoke|userinfo)\/?$/;
const MAX_AGE_SECONDS = 60 * 60;

const anyOrigin = cors({ origin: '*', allowMethods: ['GET'], maxAge: MAX_AGE_SECONDS });
/** No credentials: a client's are in its request, never in a cookie. */
const clientOrigin = (origin: string) =>
  cors({
    origin,
    allowMethods: ['GET', 'POST'],
    exposeHeaders: ['X-Request-Id', 'Retry-After', 'WWW-Authenticate'],
    maxAge: MAX_AGE_SECONDS,
  });

export const corsOfProvider = createMiddleware<HttpEnv>(async (c, next) => {
  const origin = c.req.header('Origin');
  const preflight = c.req.header('Access-Control-Request-Method') !== undefined;
  if (c.req.method === 'OPTIONS' && !preflight) return next();
  if (PUBLIC_DOCUMENTS.test(c.req.path)) return anyOrigin(c, next);
  if (!CLIENT_ENDPOINTS.test(c.req.path)) return next();
  c.header('Vary', 'Origin', { append: true });
  if (origin === undefined || !(await c.get('ports').clients.hasOrigin(origin))) return next();
  return clientOrigin(origin)(c, next);
});
