// Audit events, each written in the transaction of the change that it records.

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
  'factor.enrolled',
  'factor.removed',
  'passkey.added',
  'passkey.removed',
  'passkey.counter_went_back',
  'recovery_codes.made',
  'recovery_code.used',
  'session.ended',
  'session.revoked',
  'session.reuse_detected',
  'refresh.refused',
  'access.refused',
  'entity.changed',
  'entity.deleted',
  'setting.changed',
  'email.verified',
  'email.changed',
  'email.undone',
  'password.reset_requested',
  'password.reset',
  'mail.given_up',
  'client.created',
  'client.updated',
  'client.deleted',
  'client.secret_replaced',
  'grant.given',
  'grant.withdrawn',
  'code.reused',
  'accounts.imported',
  'accounts.exported',
] as const;

export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** A small JSON object of facts: never a token, a password or a hash. */
export type AuditDetail = Readonly<Record<string, string | number | boolean | null | readonly string[]>>;
