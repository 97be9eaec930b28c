// The settings for admins: each with its value, default and range, and a change of any, all or nothing.
import { z } from '@hono/zod-openapi';
import { isRefusal, refuse } from '../../domain/refusal.ts';
import { CHANGE_REASONS, changeSettings, type WantedSettings } from '../../domain/settings/change.ts';
import { PRESETS, valuesOf } from '../../domain/settings/presets.ts';
import type { Api } from '../context.ts';
import { problem } from '../errors/problem.ts';
import { once } from '../once.ts';
import { reply } from '../operation/declaration.ts';
import { admin } from '../operation/guards/admin.ts';
import { operationsIn } from '../operation/operation.ts';
import { ChangeBody, example, SettingsBody, settingsView, unknownKeys } from './setting-shapes.ts';

const tag = 'Administration';

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
      refuses: ['unknown_setting', ...CHANGE_REASONS],
    },
    async ({ body, ports, audit }) => {
      const errors = unknownKeys(body);
      if (errors.length > 0) return refuse('unknown_setting', { errors });
      // Only keys of settings are left, each validated by its own field.
      const changed = await changeSettings(ports, body as WantedSettings, audit);
      return isRefusal(changed) ? changed : reply(200, settingsView(await ports.settings.current(audit.now)));
    },
  );

  operation(
    {
      method: 'post',
      path: '/api/admin/settings/presets/{preset}',
      operationId: 'applySettingsPreset',
      tag,
      summary: 'Apply a preset',
      description:
        'Sets many settings at once, all or nothing: `recommended` is what a new service should use, `compatible` ' +
        'is the default of each of them.',
      guard: admin,
      params: once(() => z.object({ preset: z.enum(PRESETS) })),
      answers: { 200: { description: 'Every setting after the change.', schema: SettingsBody, example } },
      refuses: CHANGE_REASONS,
    },
    async ({ params, ports, audit }) => {
      const changed = await changeSettings(ports, valuesOf(params.preset), audit);
      return isRefusal(changed) ? changed : reply(200, settingsView(await ports.settings.current(audit.now)));
    },
  );
}
