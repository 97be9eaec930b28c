// Audit events in words: each action, and the facts of its detail.
import type { FC } from 'hono/jsx';
import type { AuditAction, AuditDetail } from '../../domain/audit/event.ts';
import { isSettingValue } from '../../domain/settings/kinds.ts';
import { SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import { describeValue } from './duration.ts';

export const ACTIONS: Readonly<Record<AuditAction, string>> = {
  'account.registered': 'Signed up',
  'account.updated': 'Changed the account',
  'account.deleted': 'Deleted the account',
  'account.activated': 'Activated',
  'account.deactivated': 'Deactivated',
  'account.locked': 'Locked for wrong passwords',
  'account.role_changed': 'Changed the role',
  'password.changed': 'Changed the password',
  'login.succeeded': 'Signed in',
  'login.refused': 'Sign-in refused',
  'factor.enrolled': 'Added an authenticator app',
  'factor.removed': 'Removed an authenticator app',
  'passkey.added': 'Added a passkey',
  'passkey.removed': 'Removed a passkey',
  'passkey.counter_went_back': 'A passkey may have been copied',
  'recovery_codes.made': 'Made new recovery codes',
  'recovery_code.used': 'Used a recovery code',
  'session.ended': 'Signed out',
  'session.revoked': 'Session ended',
  'session.reuse_detected': 'Used token came back',
  'refresh.refused': 'Refresh refused',
  'access.refused': 'Refused: admins only',
  'entity.changed': 'Changed an entity',
  'entity.deleted': 'Deleted an entity',
  'setting.changed': 'Changed a setting',
  'email.verified': 'Verified the email',
  'email.changed': 'Changed the email',
  'email.undone': 'Took the email back',
  'password.reset_requested': 'Asked for a new password',
  'password.reset': 'Set a new password by mail',
  'mail.given_up': 'Mail not delivered',
  'client.created': 'Registered a client',
  'client.updated': 'Changed a client',
  'client.deleted': 'Deleted a client',
  'client.secret_replaced': 'Replaced a client’s secret',
  'grant.given': 'Let a client in',
  'grant.withdrawn': 'Shut a client out',
  'code.reused': 'Used code came back',
  'accounts.imported': 'Imported accounts',
  'accounts.exported': 'Exported accounts',
};

export const Detail: FC<{ action: AuditAction; detail: AuditDetail }> = ({ action, detail }) => {
  if (action === 'setting.changed') return <SettingDetail detail={detail} />;
  if (action === 'account.role_changed' && detail.from) return <small>{`${detail.from} → ${detail.to}`}</small>;
  const facts = Object.entries(detail).map(factWords);
  return facts.length > 0 ? <small>{facts.join(', ')}</small> : null;
};

/** A fact of an event's detail in words. The first characters of a session's id are enough to find it. */
function factWords([name, value]: [string, unknown]): string {
  if (name === 'session_id') return `session ${String(value).slice(0, 8)}`;
  if (name === 'passkey_id') return `passkey ${String(value).slice(0, 8)}`;
  if (name === 'amr' && Array.isArray(value)) return methodWords(value);
  if (name === 'code' || name === 'operation') return String(value);
  const words = (Array.isArray(value) ? value.join(' and ') : String(value)).replaceAll('_', ' ');
  if (name === 'kind') return value === 'refresh' ? 'token pair' : 'session token';
  return name === 'reason' || name === 'fields' ? words : `${name.replaceAll('_', ' ')}: ${words}`;
}

const METHODS: Readonly<Record<string, string>> = { pwd: 'password', otp: 'code', hwk: 'passkey', swk: 'passkey' };

/** The methods of a login; `mfa` and other values without a word are left out. */
const methodWords = (amr: readonly unknown[]): string =>
  `by ${amr.flatMap((method) => METHODS[String(method)] ?? []).join(' and ')}`;

const isKey = (name: unknown): name is SettingKey => typeof name === 'string' && Object.hasOwn(SETTINGS, name);

/** The values in words; unformatted for a setting that no longer exists. */
const SettingDetail: FC<{ detail: AuditDetail }> = ({ detail: { setting, from, to } }) => {
  const inWords = (value: unknown): string =>
    isKey(setting) && isSettingValue(SETTINGS[setting], value) ? describeValue(setting, value) : String(value);
  return (
    <small>
      <code>{setting}</code> {inWords(from)} → <strong>{inWords(to)}</strong>
    </small>
  );
};
