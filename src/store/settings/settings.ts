// Settings in KV: one key each, read in one bulk get, and cached in the isolate for a few seconds.
import type { ChangeableSettings, SettingChange, StoredSettings } from '../../domain/settings/change.ts';
import { parseSetting, type SettingValue } from '../../domain/settings/kinds.ts';
import { SETTING_KEYS, SETTINGS, type SettingKey, type Settings, settingsOf } from '../../domain/settings/settings.ts';

/** With KV's own cache and propagation, a change is in force everywhere within 60 seconds of being visible. */
const CACHED_MS = 5 * 1000;
const EDGE_CACHE_SECONDS = 30;

interface Cached {
  readonly settings: Settings;
  readonly readAt: number;
}

/** A change that this isolate wrote. */
interface OwnWrite {
  readonly replaced: string | null;
  readonly text: string | null;
  readonly at: number;
}

/** What an isolate remembers of the settings. Resolved values: a request must not await a promise of another request. */
export interface SettingsMemory {
  cached: Cached | undefined;
  readonly ownWrites: Map<SettingKey, OwnWrite>;
}

export const newSettingsMemory = (): SettingsMemory => ({ cached: undefined, ownWrites: new Map() });

/** `timed` is given each read. */
export const settingsIn = (
  kv: KVNamespace,
  timed: <T>(read: Promise<T>) => Promise<T>,
  memory: SettingsMemory,
): ChangeableSettings => {
  const stored = async (now: number): Promise<StoredSettings> => {
    const read = await timed(kv.get([...SETTING_KEYS], { cacheTtl: EDGE_CACHE_SECONDS }));
    const texts = withOwnWrites(memory.ownWrites, read, now);
    memory.cached = { settings: settingsFrom(texts), readAt: now };
    return texts;
  };
  return {
    stored,

    async current(now) {
      const { cached } = memory;
      if (cached && now >= cached.readAt && now < cached.readAt + CACHED_MS) return cached.settings;
      return settingsFrom(await stored(now));
    },

    async write(changes, now) {
      await writeAll(kv, changes);
      for (const { key, replaced, text } of changes) memory.ownWrites.set(key, { replaced, text, at: now });
      memory.cached = undefined;
    },
  };
};

/** A read that still answers what this isolate replaced comes from the edge cache; any other text was written later. */
function withOwnWrites(
  ownWrites: SettingsMemory['ownWrites'],
  texts: ReadonlyMap<string, string | null>,
  now: number,
): StoredSettings {
  return new Map(
    SETTING_KEYS.map((key) => {
      const text = texts.get(key) ?? null;
      const own = ownWrites.get(key);
      const isStale = own && own.replaced === text && now < own.at + EDGE_CACHE_SECONDS * 1000;
      return [key, isStale ? own.text : text];
    }),
  );
}

const settingsFrom = (texts: StoredSettings): Settings => settingsOf((key) => settingFrom(key, texts.get(key) ?? null));

function settingFrom(key: SettingKey, text: string | null): SettingValue {
  const value = text === null ? undefined : parseSetting(SETTINGS[key], text);
  if (text !== null && value === undefined) console.warn({ event: 'setting.invalid', setting: key });
  return value ?? SETTINGS[key].default;
}

/** KV has no transaction: where one key cannot be written, the others are restored. */
async function writeAll(kv: KVNamespace, changes: readonly SettingChange[]): Promise<void> {
  const outcomes = await Promise.allSettled(changes.map(({ key, text }) => put(kv, key, text)));
  const failure = outcomes.find((outcome) => outcome.status === 'rejected');
  if (!failure) return;
  const written = changes.filter((_, index) => outcomes[index]?.status === 'fulfilled');
  await Promise.allSettled(written.map(({ key, replaced }) => put(kv, key, replaced)));
  throw failure.reason;
}

/** KV takes one write a second for a key and answers more with 429. */
const RETRY_AFTER_MS = 1100;
const MAX_ATTEMPTS = 3;

async function put(kv: KVNamespace, key: SettingKey, text: string | null, attempt = 1): Promise<void> {
  try {
    await (text === null ? kv.delete(key) : kv.put(key, text));
  } catch (error) {
    if (attempt === MAX_ATTEMPTS || !(error instanceof Error && error.message.includes('429'))) throw error;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    await put(kv, key, text, attempt + 1);
  }
}
