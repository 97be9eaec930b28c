// The actor, the authority and the time of a test of the domain or of its ports.
import type { AuditContext, Authority, AuthorizedContext, ClientInfo } from '../../../src/domain/audit-context.ts';

export const SECOND_MS = 1000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The time of a test; it passes only where the test adds to it. */
export const NOW = Date.UTC(2026, 10, 20, 21);

export const CLIENT: ClientInfo = { ip: '192.0.2.7', userAgent: 'a browser' };

/** Nobody is signed in. */
export const nobody = (now = NOW, client = CLIENT): AuditContext => ({ ...client, actorId: null, now });

/** An account acts, by default with an access token and without a role. */
export const acting = (
  accountId: number,
  { now = NOW, sessionId = null, role = null, proven = {}, atMost }: Partial<Authority & { readonly now: number }> = {},
): AuthorizedContext => ({
  ...CLIENT,
  actorId: accountId,
  sessionId: sessionId ?? 'a session',
  now,
  authority: { accountId, sessionId, role, proven, ...(atMost ? { atMost } : {}) },
});

/** An admin acts as an admin. */
export const administering = (accountId: number, fields: Parameters<typeof acting>[1] = {}): AuthorizedContext =>
  acting(accountId, { ...fields, role: 'admin' });
