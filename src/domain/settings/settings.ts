// The settings that an operator can change at runtime. A missing or invalid value means the default.

import type { BooleanSetting, NumberSetting, SettingDefinition, SettingValue } from './kinds.ts';
import { LOOK_SETTINGS } from './look.ts';

const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

const seconds = (value: number, [min, max]: readonly [number, number], description: string): NumberSetting => ({
  kind: 'number',
  default: value,
  min,
  max,
  unit: 'seconds',
  description,
});

const items = (value: number, [min, max]: readonly [number, number], description: string): NumberSetting => ({
  kind: 'number',
  default: value,
  min,
  max,
  unit: 'items',
  description,
});

const boolean = (value: boolean, description: string): BooleanSetting => ({
  kind: 'boolean',
  default: value,
  description,
});

export const SETTINGS = {
  ACCESS_TOKEN_LIFETIME: seconds(
    30,
    [1, DAY_SECONDS],
    'How long an access token is valid. It cannot be revoked before it expires, so keep it short.',
  ),
  REFRESH_TOKEN_LIFETIME: seconds(
    30 * DAY_SECONDS,
    [1, YEAR_SECONDS],
    'How long a session lives after its last refresh.',
  ),
  SESSION_TOKEN_LIFETIME: seconds(
    DAY_SECONDS,
    [1, YEAR_SECONDS],
    'How long a session token is valid. A logout or a revocation ends it at once.',
  ),
  REFRESH_REUSE_GRACE: seconds(
    0,
    [0, 60],
    'How long the last rotated refresh token may be presented again for the same successor. With 0, every reuse is ' +
      'theft.',
  ),
  PASSWORD_MIN_LENGTH: {
    kind: 'number',
    default: 6,
    min: 1,
    max: 128,
    unit: 'characters',
    description: 'The shortest new password. It is never applied at login.',
  },
  MAX_ENTITIES_PER_ACCOUNT: items(
    10_000,
    [1, 10_000_000],
    'How many entities an account may own. Admins may own any number.',
  ),
  MAX_GAMES_PER_ACCOUNT: items(1_000, [1, 1_000_000], 'How many games an account may own. Admins may own any number.'),
  USERNAME_REQUIRED: boolean(true, 'Whether signing up through the Envelope API requires a username.'),
  REGISTRATION_OPEN: boolean(true, 'Whether anyone may sign up. If it is off, every sign-up route refuses.'),
  EMAIL_VERIFICATION_REQUIRED: boolean(
    false,
    'Whether an account that has an email must verify it before it can log in. It needs mail to be configured.',
  ),
  PASSWORD_BREACH_CHECK: {
    kind: 'choice',
    default: 'off',
    choices: [
      ['off', 'off'],
      ['common', 'the most common ones'],
      ['range', 'those of published breaches'],
    ],
    description:
      'Which new passwords are refused because attackers try them first: none, those on a bundled list, or also ' +
      'those that Have I Been Pwned knows, which is asked with five characters of a hash.',
  },
  ...LOOK_SETTINGS,
  REAUTHENTICATION_AGE: seconds(
    10 * 60,
    [60, DAY_SECONDS],
    'How old credentials may be for operations that require recent ones, such as adding a second factor.',
  ),
  REAUTHENTICATE_FOR_CHANGES: boolean(
    false,
    'Whether changing names, deleting accounts, ending sessions, and changing roles and factors of others require ' +
      'recent credentials too.',
  ),
  SESSION_MAX_AGE: seconds(
    0,
    [0, YEAR_SECONDS],
    'How long after its opening a session ends, however often it is refreshed. With 0, it has no such end.',
  ),
  ADMIN_SECOND_FACTOR_REQUIRED: boolean(
    false,
    'Whether the rights of an admin need a session that proved two factors. Only an admin in such a session may turn ' +
      'it on.',
  ),
} as const satisfies Record<string, SettingDefinition>;

export type SettingKey = keyof typeof SETTINGS;
type ValueOf<D extends SettingDefinition> = D['default'] extends boolean
  ? boolean
  : D['default'] extends number
    ? number
    : string;
export type Settings = { readonly [K in SettingKey]: ValueOf<(typeof SETTINGS)[K]> };

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]; // the literal above has no other keys

/** The definition of a setting, whatever its kind. */
export const definitionOf = (key: SettingKey): SettingDefinition => SETTINGS[key];

/** Every setting at its default. */
export const DEFAULT_SETTINGS = settingsOf((key) => SETTINGS[key].default);

/** Settings with the value of each key. */
export function settingsOf(value: (key: SettingKey) => SettingValue): Settings {
  return Object.fromEntries(SETTING_KEYS.map((key) => [key, value(key)])) as Settings; // each of its setting's kind
}

export interface SettingsStore {
  /** The values in force, cached in this isolate for a few seconds. */
  current(now: number): Promise<Settings>;
}
