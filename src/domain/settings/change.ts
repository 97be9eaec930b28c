// Changing settings: all requested changes or none, and never without an audit event.
import type { Accounts } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import type { Mailing } from '../mail/mail.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { formatSetting, parseSetting, type SettingValue } from './kinds.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey, type SettingsStore } from './settings.ts';

/** The stored text of each setting; null where none is stored and the default is in force. */
export type StoredSettings = ReadonlyMap<SettingKey, string | null>;

/** Valid values by key; null resets a setting to its default. */
export type WantedSettings = { readonly [K in SettingKey]?: SettingValue | null | undefined };

export interface SettingChange {
  readonly key: SettingKey;
  /** The value in force before and after the change. */
  readonly from: SettingValue;
  readonly to: SettingValue;
  /** The stored text before and after the change; null for none. */
  readonly replaced: string | null;
  readonly text: string | null;
}

export interface ChangeableSettings extends SettingsStore {
  /** The stored texts, read past the isolate's cache. */
  stored(now: number): Promise<StoredSettings>;
  /** Writes all changes. If one fails, it restores the others and throws. In force on this isolate when it resolves. */
  write(changes: readonly SettingChange[], now: number): Promise<void>;
}

/** The audit events of settings, whose values are outside the database. */
export interface SettingEvents {
  /** Records the changes if the authority holds; they are made only if this succeeds. */
  record(
    changes: readonly SettingChange[],
    audit: AuthorizedContext,
  ): Promise<'recorded' | Refusal<'token_revoked' | 'forbidden'>>;
  /** Records that recorded changes could not be made. */
  recordUndone(changes: readonly SettingChange[], audit: AuditContext): Promise<void>;
}

/** The value in force for a stored text. */
export const inForce = (key: SettingKey, text: string | null): SettingValue =>
  (text === null ? undefined : parseSetting(SETTINGS[key], text)) ?? SETTINGS[key].default;

interface ChangePorts {
  readonly settings: ChangeableSettings;
  readonly settingEvents: SettingEvents;
  readonly mailing: Mailing;
  readonly accounts: Accounts;
}

/** Why a valid value may not be set. */
export const CHANGE_REASONS = ['setting_needs_mail', 'enrollment_before_setting'] as const;

export type ChangeRefusal = Refusal<(typeof CHANGE_REASONS)[number] | 'token_revoked' | 'forbidden'>;

/**
 * Makes the changes that differ from what is stored, and returns them. The event is written first, because KV and D1
 * share no transaction: a recorded change that fails can be recorded as undone, an unrecorded one would be lost.
 */
export async function changeSettings(
  ports: ChangePorts,
  wanted: WantedSettings,
  audit: AuthorizedContext,
): Promise<readonly SettingChange[] | ChangeRefusal> {
  const { settings, settingEvents, mailing } = ports;
  if (wanted.EMAIL_VERIFICATION_REQUIRED && !mailing.isConfigured) return refuse('setting_needs_mail');
  const stored = await settings.stored(audit.now);
  const changes = SETTING_KEYS.flatMap((key) => changeOf(key, stored.get(key) ?? null, wanted[key]));
  if (changes.length === 0) return changes;
  const recorded = await recordAllowed(ports, changes, audit);
  if (isRefusal(recorded)) return recorded;
  try {
    await settings.write(changes, audit.now);
  } catch (error) {
    await settingEvents.recordUndone(changes, audit);
    throw error;
  }
  return changes;
}

function changeOf(
  key: SettingKey,
  replaced: string | null,
  wanted: SettingValue | null | undefined,
): readonly SettingChange[] {
  if (wanted === undefined) return [];
  const text = wanted === null ? null : formatSetting(wanted);
  return text === replaced ? [] : [{ key, from: inForce(key, replaced), to: inForce(key, text), replaced, text }];
}

/**
 * Records the changes if the authority holds. ADMIN_SECOND_FACTOR_REQUIRED can only be turned on, alone or with others,
 * in a session that it would not shut out.
 */
async function recordAllowed(
  { settingEvents: events, accounts }: ChangePorts,
  changes: readonly SettingChange[],
  audit: AuthorizedContext,
): Promise<'recorded' | Refusal<'token_revoked' | 'forbidden' | 'enrollment_before_setting'>> {
  const shutsOut = changes.some(({ key, to }) => key === 'ADMIN_SECOND_FACTOR_REQUIRED' && to === true);
  if (!shutsOut) return events.record(changes, audit);
  const { authority, sessionId } = audit;
  const proven = { ...authority.proven, factors: 2 } as const;
  const recorded = await events.record(changes, { ...audit, authority: { ...authority, sessionId, proven } });
  if (!isRefusal(recorded) || recorded.refused !== 'forbidden') return recorded;
  const caller = await accounts.findAuthorized(authority, audit.now);
  return caller ? refuse('enrollment_before_setting') : recorded;
}
