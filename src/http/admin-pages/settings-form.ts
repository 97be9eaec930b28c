// The settings form: what was shown, what was typed and what is stored now decide together what a save does.

import type { StoredSettings } from '../../domain/settings/change.ts';
import { parseSetting, SETTING_KEYS, SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import type { Form } from './pages.ts';

/** A field shows what is stored, broken or not, or else the default. */
export const shownFor = (key: SettingKey, text: string | null): string =>
  text?.slice(0, 100) ?? String(SETTINGS[key].default);

export interface Field {
  readonly key: SettingKey;
  /** What is stored now. */
  readonly text: string | null;
  /** What stands in the field. */
  readonly typed: string;
  readonly error?: string;
  /** Somebody changed the setting after this form was shown. */
  readonly conflict?: true;
}

/** The fields of a fresh page. */
export const freshFields = (stored: StoredSettings): readonly Field[] =>
  SETTING_KEYS.map((key) => ({ key, text: stored.get(key) ?? null, typed: shownFor(key, stored.get(key) ?? null) }));

/** The fields of a form that was sent; one nobody touched follows what is stored. */
export const sentFields = (stored: StoredSettings, form: Form): readonly Field[] =>
  SETTING_KEYS.map((key) => sentField(key, stored.get(key) ?? null, form[key], form[`was.${key}`]));

function sentField(key: SettingKey, text: string | null, sent: string | undefined, was: string | undefined): Field {
  const shown = shownFor(key, text);
  const typed = sent?.trim();
  if (typed === undefined || typed === was || typed === shown) return { key, text, typed: shown };
  if (parseSetting(SETTINGS[key], typed) === undefined) return { key, text, typed: sent ?? '', error: wordsFor(key) };
  return { key, text, typed, ...(was === shown ? {} : { conflict: true }) };
}

function wordsFor(key: SettingKey): string {
  const { min, max, unit } = SETTINGS[key];
  return min === null
    ? 'Choose on or off.'
    : `Enter a whole number of ${unit} from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}.`;
}

/** Whether a save would change this field. */
export const isTouched = ({ key, text, typed }: Field): boolean => typed !== shownFor(key, text);

/** The values that a form without errors asks for. */
export const wantedOf = (fields: readonly Field[]) =>
  Object.fromEntries(fields.filter(isTouched).map(({ key, typed }) => [key, parseSetting(SETTINGS[key], typed)]));
