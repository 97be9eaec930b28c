// Settings in KV, one key each, read in one bulk get and kept a few seconds in the isolate.

import type { ChangeableSettings, SettingChange, StoredSettings } from '../../domain/settings/change.ts';
import {
  parseSetting,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
} from '../../domain/settings/settings.ts';

/** With KV's own cache and its spread of up to a minute, a change is everywhere within 60 seconds of being visible. */
const KEPT_MS = 5 * 1000;
const EDGE_CACHE_SECONDS = 30;

interface Kept {
  readonly settings: Settings;
  readonly readAt: number;
}

/** What this isolate wrote, and over what. */
interface Written {
  readonly replaced: string | null;
  readonly text: string | null;
  readonly at: number;
}

// Kept per binding and as resolved values: a promise of one request must not be awaited by another.
const kept = new WeakMap<KVNamespace, Kept>();
const written = new WeakMap<KVNamespace, ReadonlyMap<SettingKey, Written>>();

/** `waiting` is given each read that is waited for. */
export const settingsIn = (kv: KVNamespace, waiting: <T>(read: Promise<T>) => Promise<T>): ChangeableSettings => {
  const stored = async (now: number): Promise<StoredSettings> => {
    const texts = pastOwnWrites(kv, await waiting(kv.get([...SETTING_KEYS], { cacheTtl: EDGE_CACHE_SECONDS })), now);
    kept.set(kv, { settings: settingsFrom(texts), readAt: now });
    return texts;
  };
  return {
    stored,

    async current(now) {
      const known = kept.get(kv);
      if (known && now >= known.readAt && now < known.readAt + KEPT_MS) return known.settings;
      return settingsFrom(await stored(now));
    },

    async write(changes, now) {
      await writeAll(kv, changes);
      const own = changes.map(({ key, replaced, text }) => [key, { replaced, text, at: now }] as const);
      written.set(kv, new Map([...(written.get(kv) ?? []), ...own]));
      kept.delete(kv);
    },
  };
};

/** A read that still answers what we replaced comes from the edge's cache; anything else was written after us. */
function pastOwnWrites(kv: KVNamespace, texts: ReadonlyMap<string, string | null>, now: number): StoredSettings {
  const own = written.get(kv);
  return new Map(
    SETTING_KEYS.map((key) => {
      const text = texts.get(key) ?? null;
      const mine = own?.get(key);
      const isStale = mine && mine.replaced === text && now < mine.at + EDGE_CACHE_SECONDS * 1000;
      return [key, isStale ? mine.text : text];
    }),
  );
}

function settingsFrom(texts: StoredSettings): Settings {
  const entries = SETTING_KEYS.map((key) => [key, settingFrom(key, texts.get(key) ?? null)]);
  return Object.fromEntries(entries) as Settings; // a value for each key, of the type of its default
}

function settingFrom(key: SettingKey, text: string | null): number | boolean {
  const value = text === null ? undefined : parseSetting(SETTINGS[key], text);
  if (text !== null && value === undefined) console.warn({ event: 'setting.invalid', setting: key });
  return value ?? SETTINGS[key].default;
}

/** KV has no transaction: where a key can't be written, those that were are put back. */
async function writeAll(kv: KVNamespace, changes: readonly SettingChange[]): Promise<void> {
  const outcomes = await Promise.allSettled(changes.map(({ key, text }) => put(kv, key, text)));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) return;
  await Promise.allSettled(
    changes.map(({ key, replaced }, index) => outcomes[index]?.status === 'fulfilled' && put(kv, key, replaced)),
  );
  throw failure.reason;
}

/** KV takes one write a second for a key and refuses more with a 429. */
const RETRY_AFTER_MS = 1100;
const ATTEMPTS = 3;

async function put(kv: KVNamespace, key: SettingKey, text: string | null, attempt = 1): Promise<void> {
  try {
    await (text === null ? kv.delete(key) : kv.put(key, text));
  } catch (error) {
    if (attempt === ATTEMPTS || !(error instanceof Error && error.message.includes('429'))) throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    await put(kv, key, text, attempt + 1);
  }
}
