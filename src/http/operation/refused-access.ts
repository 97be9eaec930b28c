// Records that a signed-in account was refused an operation that only admins may call.
import { type Context, clientInfoOf } from '../context.ts';

/** `operation` is its method and its path as they are declared. Records nothing of an unidentified caller. */
export async function recordRefusedAccess(c: Context, operation: string): Promise<void> {
  const { accountId } = c.get('metrics');
  if (accountId === undefined) return;
  await c.get('ports').refusals.recordAccess({ ...clientInfoOf(c), accountId, operation, now: c.get('now') });
}
