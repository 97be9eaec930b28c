// What happened is written in the same batch as what it records, so neither exists without the other.

export const AUDIT_ACTIONS = [
  'account.registered',
  'account.updated',
  'account.deleted',
  'account.activated',
  'account.deactivated',
  'account.locked',
  'account.role_changed',
  'password.changed',
  'login.succeeded',
  'login.refused',
  'session.ended',
  'session.revoked',
  'session.reuse_detected',
  'setting.changed',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Where a request came from: the address that Cloudflare saw and what the client calls itself. */
export interface Origin {
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Who did it from where and when; `actorId` is null where nobody was signed in. `now` is in milliseconds. */
export interface Act extends Origin {
  readonly actorId: number | null;
  readonly now: number;
}

/** A small JSON object of facts; never a token, a password or a hash. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null>>;
