// The app: its middleware, its contracts, and the error format of each path.
import { OpenAPIHono } from '@hono/zod-openapi';
import type { NotFoundHandler } from 'hono';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { passwordHashing } from './domain/passwords/argon2id.ts';
import type { Hashing } from './domain/passwords/hash.ts';
import { parseFirebaseScrypt } from './domain/passwords/verifiers/firebase.ts';
import { type Refusal, refuse } from './domain/refusal.ts';
import { importKeys, type Keys } from './domain/tokens/keys.ts';
import { adminApi } from './http/admin-api/routes.ts';
import { errorPages } from './http/admin-pages/error-page.tsx';
import { adminPages } from './http/admin-pages/routes.ts';
import type { Api, Context, HttpEnv } from './http/context.ts';
import { envelope } from './http/envelope-api/error-format.ts';
import { envelopeApi } from './http/envelope-api/routes.ts';
import type { CommonReason } from './http/errors/error-format.ts';
import { oauthForms } from './http/errors/oauth-forms.ts';
import { problem } from './http/errors/problem.ts';
import { errorPages as idErrorPages } from './http/id-pages/error-page.tsx';
import { idPages } from './http/id-pages/routes.ts';
import { identityApi } from './http/identity-api/routes.ts';
import {
  baseHeaders,
  corsForListedOrigins,
  drainedBody,
  freshRequestId,
  securityHeaders,
  timeLimit,
} from './http/middleware/baseline.ts';
import { logError, storageMessage } from './http/middleware/error-log.ts';
import { requestLog } from './http/middleware/request-log.ts';
import { corsOfProvider } from './http/oauth/cors.ts';
import { oauthProvider } from './http/oauth/routes.ts';
import { oauthErrorPages } from './http/oauth-pages/error-page.tsx';
import { oauthPages } from './http/oauth-pages/routes.ts';
import { newOverLimits } from './http/operation/over-limits.ts';
import { resourceApi } from './http/resource-api/routes.ts';
import { serviceApi } from './http/service/routes.ts';
import { sessionApi } from './http/session-api/routes.ts';
import { tokenApi } from './http/token-api/routes.ts';
import { meterOf, newMemory, portsOf } from './ports.ts';
import { openDatabase } from './store/d1/database.ts';

/** Responses take milliseconds. A store that takes this long is down; D1 itself gives up a query after 30 seconds. */
const TIME_LIMIT_MS = 20 * 1000;

export interface AppOptions {
  /** Returns milliseconds since the epoch. */
  readonly clock?: () => number;
  readonly hashing?: Hashing;
  /** How long a request may take before it is answered 503. */
  readonly timeLimitMs?: number;
}

export function createApp(options: AppOptions = {}): OpenAPIHono<HttpEnv> {
  const { clock = Date.now, hashing, timeLimitMs = TIME_LIMIT_MS } = options;
  const app = new OpenAPIHono<HttpEnv>({ strict: false });
  const api: Api = { app, documented: [] };

  app.use(freshRequestId, requestLog, securityHeaders, baseHeaders, drainedBody, corsForListedOrigins);
  app.use(timeLimit(timeLimitMs));
  app.use(withPorts(clock, hashing));
  app.use(corsOfProvider);
  app.onError((error, c) => {
    logError(c, error);
    const unavailable = error instanceof HTTPException || storageMessage(error);
    return errorFormatOf(c).respond(c, refuse(unavailable ? 'unavailable' : 'internal_error'));
  });
  app.notFound(notFoundIn(app));

  tokenApi(api);
  identityApi(api);
  adminApi(api);
  envelopeApi(api);
  sessionApi(api);
  resourceApi(api);
  idPages(api);
  oauthProvider(api);
  oauthPages(api);
  adminPages(api);
  serviceApi(api);
  return app;
}

/** An error format of an API or of pages. */
interface Responder {
  respond(c: Context, refusal: Refusal<CommonReason>): Response | Promise<Response>;
}

/** The error formats of paths without an operation; problem details everywhere else. `/auth` is the Session API's. */
const ERROR_FORMATS: readonly { readonly under: RegExp; readonly format: Responder }[] = [
  { under: /^\/auth\/./, format: envelope },
  { under: /^\/oauth\/(token|revoke|introspect)(\/|$)/, format: oauthForms },
  { under: /^\/oauth\/(authorize|end-session)(\/|$)/, format: oauthErrorPages },
  { under: /^\/admin(\/|$)/, format: errorPages },
  { under: /^\/id(\/|$)/, format: idErrorPages },
];

const errorFormatOf = (c: Context): Responder =>
  ERROR_FORMATS.find(({ under }) => under.test(c.req.path))?.format ?? problem;

/** Looks up the methods of a path only after nothing matched, so that no other answer waits for the look-up. */
function notFoundIn(app: OpenAPIHono<HttpEnv>): NotFoundHandler<HttpEnv> {
  const ifAllowed = methodNotAllowed({ app, onMethodNotAllowed: respondAllowed });
  return async (c) => {
    c.res = await errorFormatOf(c).respond(c, refuse('not_found'));
    await ifAllowed(c, async () => {});
    return c.res;
  };
}

function respondAllowed(c: Context, methods: readonly string[]): Response | Promise<Response> {
  const allow = [...methods, 'OPTIONS'];
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow.join(', ') } });
  return errorFormatOf(c).respond(c, refuse('method_not_allowed', { allow }));
}

function withPorts(clock: () => number, given: Hashing | undefined) {
  const memory = newMemory();
  const overLimits = newOverLimits();
  return createMiddleware<HttpEnv>(async (c, next) => {
    const metrics = c.get('metrics');
    const database = openDatabase(c.env.DB, c.req.header('X-D1-Bookmark'), meterOf(metrics));
    c.set('clock', clock);
    c.set('now', clock());
    c.set('overLimits', overLimits);
    const keys = await keysOf(c.env);
    const hashing = given ?? passwordHashing({ firebase: parseFirebaseScrypt(c.env.FIREBASE_SCRYPT) });
    c.set('ports', portsOf({ env: c.env, keys, memory, hashing, database, metrics, defer: c.get('defer') }));
    await next();
    const bookmark = database.bookmark();
    if (bookmark) c.res.headers.set('X-D1-Bookmark', bookmark);
  });
}

// Imported once per isolate and cached as a value: a request must not await a promise of another request.
let imported: { readonly from: string; readonly keys: Keys } | undefined;

async function keysOf({ JWT_KEYS, SECRET_KEYS }: Env): Promise<Keys> {
  const from = JWT_KEYS + SECRET_KEYS;
  if (imported?.from !== from) imported = { from, keys: await importKeys(JWT_KEYS, SECRET_KEYS) };
  return imported.keys;
}
