// The kinds of settings: the values that each takes, and the text that is stored for a value.

interface Described {
  readonly description: string;
}

export interface NumberSetting extends Described {
  readonly kind: 'number';
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'seconds' | 'characters' | 'items';
}

export interface BooleanSetting extends Described {
  readonly kind: 'boolean';
  readonly default: boolean;
}

export interface ChoiceSetting extends Described {
  readonly kind: 'choice';
  readonly default: string;
  /** Each value with the words that the settings page shows for it. */
  readonly choices: readonly (readonly [value: string, label: string])[];
}

export interface TextSetting extends Described {
  readonly kind: 'text';
  readonly default: string;
  /** In code points. */
  readonly minLength: number;
  readonly maxLength: number;
}

/** An `https:` URL, or an `http:` one on localhost; the empty text for none. */
export interface UrlSetting extends Described {
  readonly kind: 'url';
  readonly default: string;
}

/** A colour as `#rrggbb`; the empty text for none. */
export interface ColorSetting extends Described {
  readonly kind: 'color';
  readonly default: string;
}

export type SettingDefinition =
  | NumberSetting
  | BooleanSetting
  | ChoiceSetting
  | TextSetting
  | UrlSetting
  | ColorSetting;

export type SettingValue = number | boolean | string;

/** The value of a stored text; undefined where the setting does not take it. */
export function parseSetting(definition: SettingDefinition, stored: string): SettingValue | undefined {
  const text = stored.trim();
  const value = parsers[definition.kind](text);
  return value !== undefined && isSettingValue(definition, value) ? value : undefined;
}

/** The text that is stored for a value. */
export const formatSetting = (value: SettingValue): string => String(value);

const parsers: Readonly<Record<SettingDefinition['kind'], (text: string) => SettingValue | undefined>> = {
  number: (text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  choice: (text) => text,
  text: (text) => text,
  url: (text) => text,
  color: (text) => text,
};

/** Whether the setting takes the value. */
export function isSettingValue(definition: SettingDefinition, value: unknown): value is SettingValue {
  switch (definition.kind) {
    case 'number':
      return Number.isInteger(value) && Number(value) >= definition.min && Number(value) <= definition.max;
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return definition.choices.some(([choice]) => choice === value);
    case 'text':
      return typeof value === 'string' && isText(definition, value);
    case 'url':
      return value === '' || (typeof value === 'string' && isSafeUrl(value));
    case 'color':
      return typeof value === 'string' && /^(#[0-9a-f]{6})?$/i.test(value);
  }
}

function isText({ minLength, maxLength }: TextSetting, value: string): boolean {
  const length = [...value].length;
  const printable = value.isWellFormed() && !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value);
  return length >= minLength && length <= maxLength && printable && value.trim() === value;
}

const MAX_URL_LENGTH = 500;

function isSafeUrl(text: string): boolean {
  if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSecure = protocol === 'https:' || (protocol === 'http:' && hostname === 'localhost');
  return isSecure && username === '' && password === '';
}
