// Why sessions are revoked.

/** Why a session was revoked, and not ended by its own logout. */
export type RevocationReason =
  | 'by_owner'
  | 'by_admin'
  | 'password_changed'
  | 'password_reset'
  | 'email_undone'
  | 'account_deactivated'
  | 'client_deleted'
  | 'code_reused'
  | 'grant_withdrawn'
  | 'too_many_sessions';
