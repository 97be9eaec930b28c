// The composition root: the only file that knows both where things are kept and how they are said.
import { OpenAPIHono } from '@hono/zod-openapi';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { tidyUp } from './domain/maintenance/cleanup.ts';
import { argon2id } from './domain/passwords/hash.ts';
import { refuse } from './domain/refusal.ts';
import { importKeys, type Keys } from './domain/tokens/keys.ts';
import { adminContract } from './http/admin-api/routes.ts';
import { pages } from './http/admin-pages/error-page.tsx';
import { adminPages } from './http/admin-pages/routes.ts';
import type { Api, Context, HttpEnv, Ports } from './http/context.ts';
import { envelope } from './http/envelope-api/error-format.ts';
import { envelopeContract } from './http/envelope-api/routes.ts';
import type { Dialect } from './http/errors/error-format.ts';
import { problem } from './http/errors/problem.ts';
import {
  answeredWithin,
  baseHeaders,
  drainedBody,
  freshRequestId,
  listedOrigins,
  safeHeaders,
} from './http/middleware/baseline.ts';
import { logError, requestLog, storageWords } from './http/middleware/log.ts';
import { type Measures, noMeasures, timedHashing, waited } from './http/middleware/metrics.ts';
import { resourceContract } from './http/resource-api/routes.ts';
import { metaContract } from './http/service/routes.ts';
import { sessionContract } from './http/session-api/routes.ts';
import { PUBLIC_SECONDS } from './http/shapes/cached-read.ts';
import { pairContract } from './http/token-api/routes.ts';
import { accountsIn } from './store/accounts/accounts.ts';
import { administrationIn } from './store/accounts/administration.ts';
import { profilesIn } from './store/accounts/profiles.ts';
import { registrationsIn } from './store/accounts/registrations.ts';
import { auditTrailIn } from './store/audit/trail.ts';
import { publicReadsIn } from './store/cache/public-reads.ts';
import { type Database, type Defer, openDatabase } from './store/d1/database.ts';
import type { Meter } from './store/d1/metering.ts';
import { entitiesIn } from './store/entities/entities.ts';
import { gamesIn } from './store/games/games.ts';
import { housekeepingIn } from './store/maintenance/cleanup.ts';
import { healthOf } from './store/maintenance/health.ts';
import { overviewIn } from './store/maintenance/statistics.ts';
import { loginsIn } from './store/passwords/logins.ts';
import { passwordsIn } from './store/passwords/passwords.ts';
import { refreshTokensIn } from './store/sessions/refresh-tokens.ts';
import { sessionsIn } from './store/sessions/sessions.ts';
import { settingsIn } from './store/settings/settings.ts';

/** A healthy answer takes milliseconds; a store that takes this long is down, and D1 itself gives a query up after 30 seconds. */
const ANSWER_WITHIN_MS = 20 * 1000;

/** The whole app. `clock` answers milliseconds since the epoch; tests bring their own. */
export function createApp(clock: () => number = Date.now, answerWithinMs = ANSWER_WITHIN_MS): OpenAPIHono<HttpEnv> {
  const app = new OpenAPIHono<HttpEnv>({ strict: false });
  const api: Api = { app, documented: [] };

  app.use(freshRequestId, requestLog, safeHeaders, baseHeaders, drainedBody, listedOrigins);
  app.use(answeredWithin(answerWithinMs));
  app.use(methodNotAllowed({ app, onMethodNotAllowed: sayAllowed }));
  app.use(withPorts(clock));
  app.onError((error, c) => {
    logError(c, error);
    const unavailable = error instanceof HTTPException || storageWords(error);
    return dialectOf(c).answer(c, refuse(unavailable ? 'unavailable' : 'internal_error'));
  });
  app.notFound((c) => dialectOf(c).answer(c, refuse('not_found')));

  pairContract(api);
  adminContract(api);
  envelopeContract(api);
  sessionContract(api);
  resourceContract(api);
  adminPages(api);
  metaContract(api);
  return app;
}

/** The scheduled job: removes what ended long ago, and says in the log how much of what. */
export async function housekeep(env: Env, clock: () => number = Date.now): Promise<void> {
  const startedAt = clock();
  const measures = noMeasures();
  const tidied = await tidyUp(housekeepingIn(openDatabase(env.DB, undefined, meterOf(measures))), startedAt);
  const rows = { d1_rows_read: measures.rowsRead, d1_rows_written: measures.rowsWritten };
  console.log({ event: 'housekeeping', ...tidied, ...rows, duration_ms: clock() - startedAt });
}

/** Who speaks where no operation does, by path; problem details everywhere else. `/auth` itself is not the envelope's. */
const DIALECTS: readonly { readonly under: RegExp; readonly dialect: Dialect<never> }[] = [
  { under: /^\/auth\/./, dialect: envelope },
  { under: /^\/admin(\/|$)/, dialect: pages },
];

const dialectOf = (c: Context): Dialect<never> =>
  DIALECTS.find(({ under }) => under.test(c.req.path))?.dialect ?? problem;

function sayAllowed(c: Context, methods: readonly string[]): Response {
  const allow = [...methods, 'OPTIONS'];
  if (c.req.method === 'OPTIONS') return new Response(null, { status: 204, headers: { Allow: allow.join(', ') } });
  return dialectOf(c).answer(c, refuse('method_not_allowed', { allow }));
}

const withPorts = (clock: () => number) =>
  createMiddleware<HttpEnv>(async (c, next) => {
    const measures = c.get('measures');
    const database = openDatabase(c.env.DB, c.req.header('X-D1-Bookmark'), meterOf(measures));
    const defer: Defer = (work) =>
      c.executionCtx.waitUntil(
        answered()
          .then(work)
          .catch((error: unknown) => logError(c, error)),
      );
    c.set('now', clock());
    c.set('ports', portsOf(c.env, await keysOf(c.env.JWT_KEYS), database, measures, defer));
    await next();
    const bookmark = database.bookmark();
    if (bookmark) c.res.headers.set('X-D1-Bookmark', bookmark);
  });

/** The next turn of the event loop, when the answer is on its way: what is started earlier is in its way. */
const answered = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Where D1's calls are added up. */
const meterOf = (measures: Measures): Meter => ({
  waiting: (call) => waited(measures, 'd1Ms', call),
  count: (rows) => {
    measures.rowsRead += rows.rows_read;
    measures.rowsWritten += rows.rows_written;
  },
});

const portsOf = (
  env: Env,
  keys: Keys,
  database: Database,
  measures: Measures,
  defer: Defer,
  waiting = <T>(read: Promise<T>): Promise<T> => waited(measures, 'kvMs', read),
): Ports => ({
  accounts: accountsIn(database),
  registrations: registrationsIn(database),
  logins: loginsIn(database),
  passwords: passwordsIn(database),
  profiles: profilesIn(database),
  sessions: sessionsIn(database, defer),
  refreshTokens: refreshTokensIn(env.REFRESH_TOKENS, defer, waiting),
  settings: settingsIn(env.CONFIG, waiting),
  administration: administrationIn(database),
  auditTrail: auditTrailIn(database),
  overview: overviewIn(database),
  entities: entitiesIn(database),
  games: gamesIn(database),
  publicReads: publicReadsIn(caches.default, defer, PUBLIC_SECONDS),
  hashing: timedHashing(argon2id, measures),
  issuer: { name: env.ISSUER, keys },
  health: healthOf(env.DB, env.CONFIG),
});

// Imported once an isolate and kept as a value: a promise of one request must not be awaited by another.
let imported: { readonly secret: string; readonly keys: Keys } | undefined;

async function keysOf(secret: string): Promise<Keys> {
  if (imported?.secret !== secret) imported = { secret, keys: await importKeys(secret) };
  return imported.keys;
}
