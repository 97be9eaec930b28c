// The middleware of every response: a request id, security headers, no caching by default, CORS, a time limit.
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { timeout } from 'hono/timeout';
import type { HttpEnv } from '../context.ts';
import { drain } from './drain.ts';

/** Always a fresh id: one that a client sends could be another request's. */
export const freshRequestId = requestId({ headerName: '' });

const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Security headers of JSON responses. A page that needs more sets its own Content-Security-Policy. */
export const securityHeaders = secureHeaders({
  contentSecurityPolicy: { defaultSrc: ["'none'"], baseUri: ["'none'"], frameAncestors: ["'none'"] },
  strictTransportSecurity: `max-age=${2 * YEAR_SECONDS}; includeSubDomains`,
  xFrameOptions: 'DENY',
  // Headers of obsolete browsers and plug-ins.
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
  originAgentCluster: false,
  overwrite: false,
  removePoweredBy: false, // nothing here sends it
});

/** The request id as a header, and `no-store` unless the handler sets another Cache-Control. */
export const baseHeaders = createMiddleware<HttpEnv>((c, next) => {
  c.header('X-Request-Id', c.get('requestId'));
  c.header('Cache-Control', 'no-store');
  return next();
});

/** workerd resets a connection whose request body was not read, and the client loses its response. */
export const drainedBody = createMiddleware<HttpEnv>(async (c, next) => {
  await next();
  const { body } = c.req.raw;
  if (body && !body.locked) await drain(body.getReader());
});

/** CORS for the origins of `CORS_ORIGINS` alone. Tokens travel in a header, so credentials are never allowed. */
export const corsForListedOrigins = createMiddleware<HttpEnv>(async (c, next) => {
  const origin = c.req.header('Origin');
  const listed = origin !== undefined && c.env.CORS_ORIGINS.split(/\s+/).includes(origin);
  const preflight = c.req.method === 'OPTIONS' && c.req.header('Access-Control-Request-Method') !== undefined;
  if (!listed || (c.req.method === 'OPTIONS' && !preflight)) return next();
  return allowing(origin)(c, next);
});

const allowing = (origin: string) =>
  cors({
    origin,
    exposeHeaders: ['X-Request-Id', 'ETag', 'Location', 'Retry-After', 'Link', 'X-D1-Bookmark'],
    maxAge: 60 * 60,
  });

/** Answers 503 where a store stalls. The call that stalled may still take effect. */
export const timeLimit = (milliseconds: number) => timeout(milliseconds, () => new HTTPException(503));
