// One log line for each request, without anything that could be a secret.
import { createMiddleware } from 'hono/factory';
import { routePath } from 'hono/route';
import type { Context, HttpEnv } from '../context.ts';
import { afterAnswer } from './after-answer.ts';
import { newMetrics, type RequestMetrics, serverTiming } from './metrics.ts';

/** Measures each request, and starts the work deferred until its answer, its log line included. */
export const requestLog = createMiddleware<HttpEnv>(async (c, next) => {
  const startedAt = performance.now();
  const metrics = newMetrics();
  const after = afterAnswer(c);
  c.set('metrics', metrics);
  c.set('defer', after.defer);
  await next();
  const durationMs = performance.now() - startedAt;
  c.res.headers.set('Server-Timing', serverTiming(metrics, durationMs)); // `c.header` would wrap the body once more
  after.defer(() => logRequest(c, metrics, durationMs));
  after.start();
});

/** Logs the route's pattern and not the URL, whose parts may be names. Analytics Engine gets the same. */
function logRequest(c: Context, metrics: RequestMetrics, durationMs: number): void {
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
}
