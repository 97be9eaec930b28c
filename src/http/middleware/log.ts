// One log line for each request and one for each error, without anything that could be a secret.
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Context, HttpEnv } from '../context.ts';
import { newMetrics, serverTiming } from './metrics.ts';

/**
 * Logs the route's pattern, not the URL: its parts may be names, its query anything. Analytics Engine gets the same.
 */
export const requestLog = createMiddleware<HttpEnv>(async (c, next) => {
  const startedAt = performance.now();
  const metrics = newMetrics();
  c.set('metrics', metrics);
  await next();
  const durationMs = performance.now() - startedAt;
  c.res.headers.set('Server-Timing', serverTiming(metrics, durationMs)); // `c.header` would wrap the body once more
  const line = {
    event: 'request',
    request_id: c.get('requestId'),
    method: c.req.method,
    route: routePath(c, -1),
    status: c.res.status,
    duration_ms: Math.round(durationMs),
    user_id: metrics.accountId,
    d1_rows_read: metrics.rowsRead,
    d1_rows_written: metrics.rowsWritten,
    ...(metrics.breachChecksFailed > 0 ? { breach_checks_failed: metrics.breachChecksFailed } : {}),
  };
  // Stringified by us: console.log(object) formats for humans first, which costs more CPU than verifying a signature.
  console.log(JSON.stringify(line));
  c.env.ANALYTICS?.writeDataPoint({
    indexes: [line.route],
    blobs: [line.route, line.method, String(line.status)],
    doubles: [
      durationMs,
      metrics.rowsRead,
      metrics.rowsWritten,
      metrics.d1Ms,
      metrics.kvMs,
      metrics.breachChecksFailed,
    ],
  });
});

/** Logs an error's class, its stack frames and D1's message. Messages of libraries may quote tokens or bound values. */
export function logError(c: Context, error: unknown): void {
  const request = { request_id: c.get('requestId'), method: c.req.method, route: routePath(c, -1) };
  console.error({ event: 'error', ...request, ...describe(error) });
}

/** Class, stack frames, and the storage message of an error or its causes. */
export function describe(error: unknown): { readonly error: string; readonly storage?: string; readonly at: string } {
  if (!(error instanceof Error)) return { error: typeof error, at: '' };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const storage = storageMessage(error);
  return { error: error.name, ...(storage ? { storage } : {}), at: frames.slice(0, 8).join('\n') };
}

/** The message of D1 or KV, which names tables and columns but never a value. */
export function storageMessage(error: unknown): string | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/^(D1_\w*ERROR|KV \w+ failed)/.test(cause.message)) return cause.message;
  }
  return undefined;
}
