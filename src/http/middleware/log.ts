// One line a request, and one for each error: facts that help, and nothing that could hold a secret.
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Context, HttpEnv } from '../context.ts';
import { noMeasures, serverTiming } from './metrics.ts';

/** The route's pattern and not the URL, whose parts may be somebody's name, and no query. The same goes to Analytics Engine where it is bound. */
export const requestLog = createMiddleware<HttpEnv>(async (c, next) => {
  const startedAt = performance.now();
  const measures = noMeasures();
  c.set('measures', measures);
  await next();
  const durationMs = performance.now() - startedAt;
  c.res.headers.set('Server-Timing', serverTiming(measures, durationMs)); // `c.header` would wrap the answer's body once more
  const line = {
    event: 'request',
    request_id: c.get('requestId'),
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    duration_ms: Math.round(durationMs),
    user_id: measures.accountId,
    d1_rows_read: measures.rowsRead,
    d1_rows_written: measures.rowsWritten,
  };
  // As text, whose fields Workers Logs indexes likewise: an object is laid out for people first, at more than a signature's cost.
  console.log(JSON.stringify(line));
  c.env.ANALYTICS?.writeDataPoint({
    indexes: [line.route],
    blobs: [line.route, line.method, String(line.status)],
    doubles: [durationMs, measures.rowsRead, measures.rowsWritten, measures.d1Ms, measures.kvMs],
  });
});

/** Logs an error by its class, its place and what D1 said. Messages of other libraries may quote tokens or bound values, so they stay out. */
export function logError(c: Context, error: unknown): void {
  console.error({
    event: 'error',
    request_id: c.get('requestId'),
    method: c.req.method,
    route: routePath(c, -1),
    ...describe(error),
  });
}

/** Class, stack frames and the storage's own words of an error and its causes. */
export function describe(error: unknown): { readonly error: string; readonly storage?: string; readonly at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const storage = storageWords(error);
  return { error: error.name, ...(storage ? { storage } : {}), at: frames.slice(0, 8).join('\n') };
}

/** D1's and KV's own message, which names tables and columns but never a value. */
export function storageWords(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^(D1_\w*ERROR|KV \w+ failed)/.test(cause.message)) return cause.message;
  }
  return undefined;
}
