// Changing settings: all of what was asked or nothing, and never without a record.
import type { Act } from '../audit/event.ts';
import type { AuditTrail } from '../audit/trail.ts';
import { parseSetting, SETTING_KEYS, SETTINGS, type SettingKey, type SettingsStore } from './settings.ts';

/** What is stored for each setting; null where nothing is, and the default is in force. */
export type StoredSettings = ReadonlyMap<SettingKey, string | null>;

/** Values within their range; null resets to the default. */
export type WantedSettings = { readonly [K in SettingKey]?: number | boolean | null | undefined };

export interface SettingChange {
  readonly key: SettingKey;
  /** What was in force before, and is from now on. */
  readonly from: number | boolean;
  readonly to: number | boolean;
  /** What was stored before, and is from now on; null for nothing. */
  readonly replaced: string | null;
  readonly text: string | null;
}

/** Settings that can be changed. */
export interface ChangeableSettings extends SettingsStore {
  /** What is stored now, past what this isolate keeps. */
  stored(now: number): Promise<StoredSettings>;
  /** Writes all; where one can't be written it puts the others back and throws. In force on this isolate when it resolves. */
  write(changes: readonly SettingChange[], now: number): Promise<void>;
}

/** The value in force for what is stored. */
export const inForce = (key: SettingKey, text: string | null): number | boolean =>
  (text === null ? undefined : parseSetting(SETTINGS[key], text)) ?? SETTINGS[key].default;

/**
 * Changes what differs from what is stored, and answers that. The record comes first: KV and D1 share no transaction, and a recorded change
 * that failed can be recorded as undone, where an unrecorded one is lost.
 */
export async function changeSettings(
  { settings, auditTrail }: { readonly settings: ChangeableSettings; readonly auditTrail: AuditTrail },
  wanted: WantedSettings,
  act: Act,
): Promise<readonly SettingChange[]> {
  const stored = await settings.stored(act.now);
  const changes = SETTING_KEYS.flatMap((key) => changeOf(key, stored.get(key) ?? null, wanted[key]));
  if (changes.length === 0) return changes;
  await auditTrail.recordSettings(changes, act);
  try {
    await settings.write(changes, act.now);
  } catch (error) {
    await auditTrail.recordSettings(changes.map(undone), act);
    throw error;
  }
  return changes;
}

function changeOf(
  key: SettingKey,
  replaced: string | null,
  wanted: number | boolean | null | undefined,
): readonly SettingChange[] {
  if (wanted === undefined) return [];
  const text = wanted === null ? null : String(wanted);
  return text === replaced ? [] : [{ key, from: inForce(key, replaced), to: inForce(key, text), replaced, text }];
}

const undone = ({ key, from, to, replaced, text }: SettingChange): SettingChange => ({
  key,
  from: to,
  to: from,
  replaced: text,
  text: replaced,
});
