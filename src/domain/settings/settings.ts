// What an operator may tune, each with its default and range; what is missing or invalid is the default.

interface IntegerSetting {
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'seconds' | 'characters';
  readonly description: string;
}
interface BooleanSetting {
  readonly default: boolean;
  readonly min: null;
  readonly max: null;
  readonly unit: null;
  readonly description: string;
}
export type SettingDefinition = IntegerSetting | BooleanSetting;

const DAY_SECONDS = 24 * 60 * 60;
const YEAR_SECONDS = 365 * DAY_SECONDS;

export const SETTINGS = {
  ACCESS_TOKEN_LIFETIME: {
    default: 30,
    min: 1,
    max: DAY_SECONDS,
    unit: 'seconds',
    description: 'How long an access token lives. It cannot be called back before, so keep it short.',
  },
  REFRESH_TOKEN_LIFETIME: {
    default: 30 * DAY_SECONDS,
    min: 1,
    max: YEAR_SECONDS,
    unit: 'seconds',
    description: 'How long a session lives after its last refresh.',
  },
  SESSION_TOKEN_LIFETIME: {
    default: DAY_SECONDS,
    min: 1,
    max: YEAR_SECONDS,
    unit: 'seconds',
    description: 'How long a session token lives. A logout or a revocation ends it at once.',
  },
  REFRESH_REUSE_GRACE: {
    default: 0,
    min: 0,
    max: 60,
    unit: 'seconds',
    description:
      'How long the refresh token spent last may be presented again for the same successor; 0 calls every reuse theft.',
  },
  PASSWORD_MIN_LENGTH: {
    default: 6,
    min: 1,
    max: 128,
    unit: 'characters',
    description: 'The shortest password that is accepted as a new one; never asked at login.',
  },
  USERNAME_REQUIRED: {
    default: true,
    min: null,
    max: null,
    unit: null,
    description: 'Whether POST /auth/register insists on a username.',
  },
  REGISTRATION_OPEN: {
    default: true,
    min: null,
    max: null,
    unit: null,
    description: 'Whether anyone may sign up; when off, every sign-up route refuses.',
  },
} as const satisfies Record<string, SettingDefinition>;

export type SettingKey = keyof typeof SETTINGS;
export type SettingValue<K extends SettingKey> = (typeof SETTINGS)[K]['default'] extends boolean ? boolean : number;
export type Settings = { readonly [K in SettingKey]: SettingValue<K> };

export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]; // the literal above has no other keys

/** Where settings are kept. */
export interface SettingsStore {
  /** All settings in force, at most a few seconds old in this isolate. */
  current(now: number): Promise<Settings>;
}

/** A stored text as a value within the setting's range; undefined where it is neither. */
export function parseSetting(definition: SettingDefinition, text: string): number | boolean | undefined {
  const trimmed = text.trim();
  if (definition.min === null) return trimmed === 'true' ? true : trimmed === 'false' ? false : undefined;
  const value = /^\d{1,9}$/.test(trimmed) ? Number(trimmed) : Number.NaN;
  return value >= definition.min && value <= definition.max ? value : undefined;
}
