// One log line for each error, without anything that could be a secret.
import { routePath } from 'hono/route';
import type { Context } from '../context.ts';

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
