// What every answer carries, whichever contract gave it: an id, safe headers, no caching unless it was asked for.
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { timeout } from 'hono/timeout';
import type { HttpEnv } from '../context.ts';

/** A fresh id for each request: one that a client sends could be another's, so it is not looked at. */
export const freshRequestId = requestId({ headerName: '' });

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Headers of JSON answers; a page that needs more sets its own Content-Security-Policy, which is kept. */
export const safeHeaders = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  strictTransportSecurity: `max-age=${2 * YEAR_SECONDS}; includeSubDomains`,
  xFrameOptions: 'DENY',
  // For browsers and plug-ins that are gone.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
  overwrite: false,
  removePoweredBy: false, // nothing here sends it
});

/** The id in a header, and `no-store` unless the handler says otherwise. */
export const baseHeaders = createMiddleware<HttpEnv>(async (c, next) => {
  c.header('X-Request-Id', c.get('requestId'));
  c.header('Cache-Control', 'no-store');
  await next();
});

/** workerd closes a connection whose request body nobody read. */
export const drainedBody = createMiddleware<HttpEnv>(async (c, next) => {
  await next();
  if (!c.req.raw.bodyUsed) await c.req.raw.body?.cancel();
});

/** Closed, unless `CORS_ORIGINS` lists the caller's origin. Tokens travel in a header, so credentials are never allowed. */
export const listedOrigins = createMiddleware<HttpEnv>(async (c, next) => {
  const origin = c.req.header('Origin');
  const listed = origin !== undefined && c.env.CORS_ORIGINS.split(/\s+/).includes(origin);
  const preflight = c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined;
  if (!listed || (c.req.method === 'OPTIONS' && !preflight)) return next();
  return allowing(origin)(c, next);
});

const allowing = (origin: string) =>
  cors({
    origin,
    exposeHeaders: ['X-Request-Id', 'ETag', 'Location', 'Retry-After', 'X-D1-Bookmark'],
    maxAge: 60 * 60,
  });

/** A store that stalls becomes a 503 and no hang. What it was asked for may still take effect. */
export const answeredWithin = (milliseconds: number) => timeout(milliseconds, () => new HTTPException(503));
