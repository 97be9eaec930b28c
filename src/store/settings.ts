// Settings in KV, one key each, read in one bulk get and kept a few seconds in the isolate.
import { parseSetting, SETTING_KEYS, SETTINGS, type SettingKey, type Settings, type SettingsStore } from '../domain/settings.ts';

/** With KV's own cache and its spread of up to a minute, a change is everywhere within 60 seconds of being visible. */
const KEPT_MS = 5 * 1000;
const EDGE_CACHE_SECONDS = 30;

interface Kept {
  readonly settings: Settings;
  readonly readAt: number;
}

// Kept per binding and as a resolved value: a promise of one request must not be awaited by another.
const kept = new WeakMap<KVNamespace, Kept>();

export const settingsIn = (kv: KVNamespace): SettingsStore => ({
  async current(now) {
    const known = kept.get(kv);
    if (known && now >= known.readAt && now < known.readAt + KEPT_MS) return known.settings;
    const settings = settingsFrom(await kv.get([...SETTING_KEYS], { cacheTtl: EDGE_CACHE_SECONDS }));
    kept.set(kv, { settings, readAt: now });
    return settings;
  },
});

function settingsFrom(texts: ReadonlyMap<string, string | null>): Settings {
  const entries = SETTING_KEYS.map((key) => [key, settingFrom(key, texts.get(key) ?? null)]);
  return Object.fromEntries(entries) as Settings; // a value for each key, of the type of its default
}

function settingFrom(key: SettingKey, text: string | null): number | boolean {
  const value = text === null ? undefined : parseSetting(SETTINGS[key], text);
  if (text !== null && value === undefined) console.warn({ event: 'setting.invalid', setting: key });
  return value ?? SETTINGS[key].default;
}
