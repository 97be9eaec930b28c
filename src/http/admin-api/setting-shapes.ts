// The bodies of the settings: the values that each takes, and its view.
import { z } from '@hono/zod-openapi';
import type { FieldError } from '../../domain/refusal.ts';
import { isSettingValue, type SettingDefinition, type SettingValue } from '../../domain/settings/kinds.ts';
import {
  DEFAULT_SETTINGS,
  definitionOf,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
} from '../../domain/settings/settings.ts';
import { type Infer, once } from '../once.ts';

/** A value that the setting takes. */
const valueField = (definition: SettingDefinition) =>
  z
    .custom<SettingValue>((value) => isSettingValue(definition, value), expectationOf(definition))
    .openapi(valueSchema(definition));

/** The values of a setting, in words. */
function expectationOf(definition: SettingDefinition): string {
  switch (definition.kind) {
    case 'number':
      return `must be an integer from ${definition.min} to ${definition.max}`;
    case 'boolean':
      return 'must be true or false';
    case 'choice':
      return `must be one of ${definition.choices.map(([value]) => value).join(', ')}`;
    case 'text':
      return `must be ${definition.minLength} to ${definition.maxLength} printable characters`;
    case 'url':
      return 'must be an https URL, or empty';
    case 'color':
      return 'must be a colour as #rrggbb, or empty';
  }
}

const orNull = <T extends string>(type: T): (T | 'null')[] => [type, 'null'];

/** The values of a setting, as JSON Schema. */
function valueSchema(definition: SettingDefinition) {
  switch (definition.kind) {
    case 'number':
      return { type: orNull('integer'), minimum: definition.min, maximum: definition.max };
    case 'boolean':
      return { type: orNull('boolean') };
    case 'choice':
      return { type: orNull('string'), enum: [...definition.choices.map(([v]) => v), null] };
    case 'text':
    case 'url':
    case 'color':
      return { type: orNull('string') };
  }
}

const anyValue = once(() => z.union([z.int(), z.boolean(), z.string()]));

/** An object with what `of` makes for each setting. */
const perSetting = <T>(of: (key: SettingKey) => T): Record<SettingKey, T> =>
  Object.fromEntries(SETTING_KEYS.map((key) => [key, of(key)])) as Record<SettingKey, T>; // one entry for each key

export const ChangeBody = once(() =>
  z.looseObject(perSetting((key) => valueField(SETTINGS[key]).nullable().optional())),
);

const SettingBody = once(() =>
  z
    .object({
      value: anyValue().openapi({ description: 'The value in force.' }),
      default: anyValue(),
      min: z.int().nullable(),
      max: z.int().nullable(),
      description: z.string(),
    })
    .openapi('Setting'),
);
export const SettingsBody = once(() => z.object(perSetting(() => SettingBody())).openapi('Settings'));

export const settingsView = (settings: Settings): Infer<typeof SettingsBody> =>
  perSetting((key) => {
    const definition = definitionOf(key);
    const { min, max } = definition.kind === 'number' ? definition : { min: null, max: null };
    return { value: settings[key], default: definition.default, min, max, description: definition.description };
  });

export const example = settingsView(DEFAULT_SETTINGS);

/** The errors of keys that no setting has. */
export const unknownKeys = (body: object): readonly FieldError[] =>
  Object.keys(body)
    .filter((key) => !Object.hasOwn(SETTINGS, key))
    .map((key) => ({ path: key.slice(0, 64), message: 'is not a setting' }));
