// The settings form: the shown, the typed and the stored values together decide what saving does.
import type { StoredSettings } from '../../domain/settings/change.ts';
import { parseSetting } from '../../domain/settings/kinds.ts';
import { definitionOf, SETTING_KEYS, SETTINGS, type SettingKey } from '../../domain/settings/settings.ts';
import type { Form } from '../pages/form.ts';

/** The longest valid value; of an invalid stored text no more is shown. */
const MAX_SHOWN = 500;

/** The text of a field: the stored text, valid or not, or else the default. */
export const shownFor = (key: SettingKey, text: string | null): string =>
  text?.slice(0, MAX_SHOWN) ?? String(SETTINGS[key].default);

export interface Field {
  readonly key: SettingKey;
  /** The stored text. */
  readonly text: string | null;
  /** The text in the field. */
  readonly typed: string;
  readonly error?: string;
  /** Somebody changed the setting after this form was shown. */
  readonly conflict?: true;
}

/** The fields of a fresh page. */
export const freshFields = (stored: StoredSettings): readonly Field[] =>
  SETTING_KEYS.map((key) => ({ key, text: stored.get(key) ?? null, typed: shownFor(key, stored.get(key) ?? null) }));

/** The fields of a submitted form. A field that was not changed shows the stored text. */
export const sentFields = (stored: StoredSettings, form: Form): readonly Field[] =>
  SETTING_KEYS.map((key) => sentField(key, stored.get(key) ?? null, form[key], form[`was.${key}`]));

function sentField(key: SettingKey, text: string | null, sent: string | undefined, was: string | undefined): Field {
  const shown = shownFor(key, text);
  const typed = sent?.trim();
  if (typed === undefined || typed === was || typed === shown) return { key, text, typed: shown };
  if (parseSetting(SETTINGS[key], typed) === undefined)
    return { key, text, typed: sent ?? '', error: expectationOf(key) };
  return { key, text, typed, ...(was === shown ? {} : { conflict: true }) };
}

function expectationOf(key: SettingKey): string {
  const definition = definitionOf(key);
  switch (definition.kind) {
    case 'number': {
      const [min, max] = [definition.min, definition.max].map((bound) => bound.toLocaleString('en'));
      return `Enter a whole number of ${definition.unit} from ${min} to ${max}.`;
    }
    case 'boolean':
      return 'Choose on or off.';
    case 'choice':
      return 'Choose one of the list.';
    case 'text':
      return `Enter ${definition.minLength} to ${definition.maxLength} characters.`;
    case 'url':
      return 'Enter an address that starts with https://, or nothing.';
    case 'color':
      return 'Enter a colour as #rrggbb, such as #1f4d3a, or nothing.';
  }
}

/** Whether the stored text is not a value of the setting. */
export const isBroken = ({ key, text }: Field): boolean =>
  text !== null && parseSetting(SETTINGS[key], text) === undefined;

/** Whether saving would change this setting. */
export const isTouched = ({ key, text, typed }: Field): boolean => typed !== shownFor(key, text);

/** The wanted values of a form without errors. */
export const wantedOf = (fields: readonly Field[]) =>
  Object.fromEntries(fields.filter(isTouched).map(({ key, typed }) => [key, parseSetting(SETTINGS[key], typed)]));
