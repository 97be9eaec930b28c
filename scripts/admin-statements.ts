// The SQL that adds an admin, or promotes one existing account. Its events have no actor: nobody is signed in.
import { foldKey } from '../src/domain/accounts/names.ts';
import type { AuditAction } from '../src/domain/audit/event.ts';
import { quoted } from './sql.ts';

interface NamedAccount {
  readonly id: number;
  readonly email: string;
}

const emailIs = (email: string): string => `email_key = ${quoted(foldKey(email))}`;

/** Inserts one event for each row of `from`, a FROM clause with its WHERE. */
const events = (action: AuditAction, now: number, from: string, account = 'id', detail = quoted('{}')): string =>
  `INSERT INTO audit_events (at, action, actor_id, account_id, detail)
   SELECT ${now}, ${quoted(action)}, NULL, ${account}, ${detail} ${from}`;

/**
 * Adds an admin. If an account has the email, the first statement fails, and the transaction with it. The email counts
 * as verified: the operator vouches for it.
 */
export function newAdminStatements(email: string, passwordHash: string, now: number): readonly string[] {
  const account = `FROM accounts WHERE ${emailIs(email)}`;
  return [
    `INSERT INTO accounts
       (email, email_key, verified_email_key, ever_verified, password_hash, role, active, data, created_at, updated_at)
     VALUES (${quoted(email)}, ${quoted(foldKey(email))}, ${quoted(foldKey(email))}, 1, '', 'admin', 1, '{}', ${now},
       ${now})`,
    `INSERT INTO password_credentials (account_id, hash) SELECT id, ${quoted(passwordHash)} ${account}`,
    events('account.registered', now, account, 'id', `json_object('role', role)`),
  ];
}

/**
 * Makes the named account an active admin with this password and a verified email, revokes its sessions and lifts its
 * lock. The statements change nothing if the account with this id does not have this email. Events come before the
 * changes they record.
 */
export function promotionStatements({ id, email }: NamedAccount, passwordHash: string, now: number): readonly string[] {
  const account = `FROM accounts WHERE id = ${id} AND ${emailIs(email)}`;
  const isNamed = `(SELECT id ${account})`;
  // Expired sessions too: this machine's clock may be ahead of the Worker's.
  const sessions = `account_id = ${isNamed} AND revoked_at IS NULL`;
  const revocation = `json_object('session_id', id, 'reason', 'password_changed')`;
  return [
    events(
      'account.role_changed',
      now,
      `${account} AND role <> 'admin'`,
      'id',
      `json_object('from', role, 'to', 'admin')`,
    ),
    events('account.activated', now, `${account} AND active = 0`),
    events('password.changed', now, account),
    events('session.revoked', now, `FROM sessions WHERE ${sessions}`, 'account_id', revocation),
    `UPDATE sessions SET revoked_at = ${now} WHERE ${sessions}`,
    `INSERT INTO password_credentials (account_id, hash) SELECT id, ${quoted(passwordHash)} ${account}
     ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash`,
    ...['password_guesses', 'login_failures'].map(
      (table) => `DELETE FROM ${table} WHERE subject = (SELECT 'account:' || id ${account})`,
    ),
    `UPDATE accounts SET role = 'admin', active = 1, verified_email_key = email_key, ever_verified = 1,
       updated_at = ${now} WHERE id = ${isNamed}`,
  ];
}

/** Selects a row if the promotion at `now` took effect. */
export const promotedAt = ({ id }: NamedAccount, now: number): string =>
  `SELECT id FROM audit_events
   WHERE account_id = ${id} AND action = 'password.changed' AND actor_id IS NULL AND at = ${now}`;
