// Presets: many settings at once, for a service without older clients, and back.
import type { SettingValue } from './kinds.ts';
import type { SettingKey } from './settings.ts';

/** The settings that a new service should change. */
const RECOMMENDED = {
  PASSWORD_MIN_LENGTH: 8,
  REFRESH_REUSE_GRACE: 10,
  EMAIL_VERIFICATION_REQUIRED: true,
  PASSWORD_BREACH_CHECK: 'range',
  REAUTHENTICATION_AGE: 10 * 60,
  REAUTHENTICATE_FOR_CHANGES: true,
  SESSION_MAX_AGE: 90 * 24 * 60 * 60,
  ADMIN_SECOND_FACTOR_REQUIRED: true,
} as const satisfies { readonly [K in SettingKey]?: SettingValue };

export const PRESETS = ['recommended', 'compatible'] as const;

export type Preset = (typeof PRESETS)[number];

/** The values of a preset: those recommended, or the default of each of them. */
export const valuesOf = (preset: Preset): { readonly [K in SettingKey]?: SettingValue | null } =>
  preset === 'recommended' ? RECOMMENDED : Object.fromEntries(Object.keys(RECOMMENDED).map((key) => [key, null]));
