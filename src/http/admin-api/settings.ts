// The settings, for admins: what each is and may be, and a change of any, all or nothing.
import { z } from '@hono/zod-openapi';
import { type FieldError, refuse } from '../../domain/refusal.ts';
import { changeSettings, type WantedSettings } from '../../domain/settings/change.ts';
import {
  SETTING_KEYS,
  SETTINGS,
  type SettingDefinition,
  type SettingKey,
  type Settings,
} from '../../domain/settings/settings.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { operationsIn, reply } from '../operation/operation.ts';

const tag = 'Administration';

const valueField = ({ min, max }: SettingDefinition): z.ZodType<number | boolean> =>
  min === null
    ? z.boolean()
    : z
        .number()
        .refine(
          (value) => Number.isInteger(value) && value >= min && value <= max,
          `must be an integer from ${min} to ${max}`,
        )
        .openapi({ type: ['integer', 'null'], minimum: min, maximum: max });

/** An object with what `of` makes for each setting. */
const perSetting = <T>(of: (key: SettingKey) => T): Record<SettingKey, T> =>
  Object.fromEntries(SETTING_KEYS.map((key) => [key, of(key)])) as Record<SettingKey, T>; // one entry for each key

const ChangeBody = z.looseObject(perSetting((key) => valueField(SETTINGS[key]).nullable().optional()));

const SettingBody = z
  .object({
    value: z.union([z.int(), z.boolean()]).openapi({ description: 'What is in force.' }),
    default: z.union([z.int(), z.boolean()]),
    min: z.int().nullable(),
    max: z.int().nullable(),
    description: z.string(),
  })
  .openapi('Setting');
const SettingsBody = z.object(perSetting(() => SettingBody)).openapi('Settings');

const settingsView = (settings: Settings): z.infer<typeof SettingsBody> =>
  perSetting((key) => {
    const { default: usual, min, max, description } = SETTINGS[key];
    return { value: settings[key], default: usual, min, max, description };
  });

const example = settingsView(perSetting((key) => SETTINGS[key].default) as Settings); // each default is of its setting's type

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
      description: 'Each with the value in force, its default and its range; `min` and `max` are null for a bool.',
      access: 'admin',
      answers: { 200: { description: 'Every setting.', schema: SettingsBody, example } },
      refuses: [],
    },
    async ({ ports, now }) => {
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
        'All or nothing; `null` resets one to its default. New tokens see a change within 60 seconds everywhere, and at once on the isolate that made it.',
      access: 'admin',
      body: ChangeBody,
      bodyExample: { ACCESS_TOKEN_LIFETIME: 60, REFRESH_REUSE_GRACE: null },
      answers: { 200: { description: 'Every setting as it is now.', schema: SettingsBody, example } },
      refuses: ['unknown_setting'],
    },
    async ({ caller, body, ports, origin, now }) => {
      const errors = unknownKeys(body);
      if (errors.length > 0) return refuse('unknown_setting', { errors });
      // No key is left but those of settings, each checked above by its own field.
      await changeSettings(ports, body as WantedSettings, { ...origin, actorId: caller.accountId, now });
      return reply(200, settingsView(await ports.settings.current(now)));
    },
  );
}
