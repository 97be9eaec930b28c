// Values as other services write them, in the forms that a line takes.
import { RESERVED_KEYS } from '../../../src/domain/accounts/account.ts';
import { parseEmail } from '../../../src/domain/accounts/names.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Text that is not empty. */
export const textOf = (value: unknown): string | undefined => {
  const text = value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value;
  if (typeof text === 'number' || typeof text === 'bigint') return String(text);
  return typeof text === 'string' && text !== '' ? text : undefined;
};

/** The boolean of a column; undefined for an empty one. */
export function flagOf(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  const text = textOf(value)?.toLowerCase();
  if (text === undefined) return undefined;
  return ['1', 't', 'true', 'y', 'yes'].includes(text);
}

/** ISO 8601 with an offset; a time without one is UTC, a number seconds or milliseconds since the epoch. */
export function timeOf(value: unknown): string | undefined {
  const text = textOf(value)?.trim();
  if (text === undefined) return undefined;
  const stamp = /^\d{9,13}(\.\d+)?$/.test(text) ? Number(text) * (Number(text) < 1e11 ? 1000 : 1) : undefined;
  if (stamp !== undefined) return new Date(stamp).toISOString();
  const [, day, time, offset = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ?? [];
  // Any other text is passed on as it is, and its line is refused.
  return day === undefined ? text : `${day}T${time ?? '00:00:00'}${offsetOf(offset)}`;
}

const offsetOf = (offset: string): string =>
  /^[+-]/.test(offset) ? `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}` : 'Z';

const NOT_DATA = new Set<string>([...RESERVED_KEYS, 'email', 'username', 'password', 'otp']);

/** The values that may be an account's own data, and the names of those that may not. */
export function dataOf(fields: Fields): { readonly data: Fields; readonly left: readonly string[] } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return {
    data: Object.fromEntries(given.filter(([key]) => !NOT_DATA.has(key))),
    left: given.filter(([key]) => NOT_DATA.has(key)).map(([key]) => key),
  };
}

/**
 * Names as Latchkey has them: a text with an `@` can only be an email, and a username equal to the email is dropped.
 */
export function namesOf(
  username: string | undefined,
  email: string | undefined,
): { readonly username?: string; readonly email?: string; readonly left: readonly string[] } {
  const emailField = email === undefined ? {} : { email };
  if (username === undefined) return { ...emailField, left: [] };
  if (!username.includes('@')) return { ...emailField, username, left: [] };
  if (email === undefined && parseEmail(username) !== undefined) return { email: username, left: [] };
  return { ...emailField, left: username.toLowerCase() === email?.toLowerCase() ? [] : ['a username with @'] };
}
