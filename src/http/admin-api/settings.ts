// The settings for admins: each with its value, default and range, and a change of any, all or nothing.
import { z } from '@hono/zod-openapi';
import { type FieldError, isRefusal, refuse } from '../../domain/refusal.ts';
import { changeSettings, type WantedSettings } from '../../domain/settings/change.ts';
import { isSettingValue, type SettingDefinition, type SettingValue } from '../../domain/settings/kinds.ts';
import {
  DEFAULT_SETTINGS,
  definitionOf,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
} from '../../domain/settings/settings.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';

const tag = 'Administration';

/** A value that the setting takes. */
const valueField = (definition: SettingDefinition) =>
  z
    .custom<SettingValue>((value) => isSettingValue(definition, value), expectationOf(definition))
    .openapi(valueSchema(definition));

/** What a setting takes, in words. */
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
  }
}

/** What a setting takes, as JSON Schema. */
function valueSchema(definition: SettingDefinition) {
  switch (definition.kind) {
    case 'number':
      return { type: ['integer', 'null'] as ('integer' | 'null')[], minimum: definition.min, maximum: definition.max };
    case 'boolean':
      return { type: ['boolean', 'null'] as ('boolean' | 'null')[] };
    case 'choice':
      return { type: ['string', 'null'] as ('string' | 'null')[], enum: [...definition.choices.map(([v]) => v), null] };
    case 'text':
    case 'url':
      return { type: ['string', 'null'] as ('string' | 'null')[] };
  }
}

const anyValue = z.union([z.int(), z.boolean(), z.string()]);

/** An object with what `of` makes for each setting. */
const perSetting = <T>(of: (key: SettingKey) => T): Record<SettingKey, T> =>
  Object.fromEntries(SETTING_KEYS.map((key) => [key, of(key)])) as Record<SettingKey, T>; // one entry for each key

const ChangeBody = z.looseObject(perSetting((key) => valueField(SETTINGS[key]).nullable().optional()));

const SettingBody = z
  .object({
    value: anyValue.openapi({ description: 'The value in force.' }),
    default: anyValue,
    min: z.int().nullable(),
    max: z.int().nullable(),
    description: z.string(),
  })
  .openapi('Setting');
const SettingsBody = z.object(perSetting(() => SettingBody)).openapi('Settings');

const settingsView = (settings: Settings): z.infer<typeof SettingsBody> =>
  perSetting((key) => {
    const definition = definitionOf(key);
    const { min, max } = definition.kind === 'number' ? definition : { min: null, max: null };
    return { value: settings[key], default: definition.default, min, max, description: definition.description };
  });

const example = settingsView(DEFAULT_SETTINGS);

const unknownKeys = (body: object): readonly FieldError[] =>
  Object.keys(body)
    .filter((key) => !Object.hasOwn(SETTINGS, key))
    .map((key) => ({ path: key.slice(0, 64), message: 'is not a setting' }));

export function adminSettingsOperations(api: Api): void {
  const operation = operationsIn(api, problem);

  operation(
    {
      method: 'get',
      path: '/api/admin/settings',
      operationId: 'getSettings',
      tag,
      summary: 'Read the settings',
      description:
        'Each with the value in force, its default and its range. `min` and `max` are null unless it is a number.',
      guard: admin,
      answers: { 200: { description: 'Every setting.', schema: SettingsBody, example } },
      refuses: [],
    },
    async ({ ports, audit: { now } }) => {
      await ports.settings.stored(now);
      return reply(200, settingsView(await ports.settings.current(now)));
    },
  );

  operation(
    {
      method: 'patch',
      path: '/api/admin/settings',
      operationId: 'patchSettings',
      tag,
      summary: 'Change settings',
      description:
        'All or nothing; `null` resets one to its default. New tokens see a change within 60 seconds everywhere, ' +
        'and at once on the isolate that made it.',
      guard: admin,
      body: ChangeBody,
      bodyExample: { ACCESS_TOKEN_LIFETIME: 60, REFRESH_REUSE_GRACE: null },
      answers: { 200: { description: 'Every setting after the change.', schema: SettingsBody, example } },
      refuses: ['unknown_setting', 'enrollment_before_setting'],
    },
    async ({ body, ports, audit }) => {
      const errors = unknownKeys(body);
      if (errors.length > 0) return refuse('unknown_setting', { errors });
      // Only keys of settings are left, each validated by its own field.
      const changed = await changeSettings(ports, body as WantedSettings, audit);
      return isRefusal(changed) ? changed : reply(200, settingsView(await ports.settings.current(audit.now)));
    },
  );
}
