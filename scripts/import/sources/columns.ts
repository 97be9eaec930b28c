// Rows of columns, as CSV files and SQL tables have them: the column of each field of a line.
import type { ImportLine, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, textOf, timeOf } from './values.ts';

const PLAIN = ['email', 'username', 'password_hash', 'role'] as const;
const FLAGS = ['email_verified', 'active'] as const;
const OTHERS = ['created_at', 'refresh_token', 'refresh_token_expires_at'] as const;
const FIELDS: readonly string[] = [...PLAIN, ...FLAGS, ...OTHERS];

/** The pairs of `--map`: `email=Login,data.city=City`. Throws for an unknown field. */
export function parseMap(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(',').map((pair) => pair.split('='));
  for (const [field = '', column, more] of pairs) {
    if (!column || more !== undefined || !(FIELDS.includes(field) || /^data\../.test(field)))
      throw new Error(`--map takes FIELD=COLUMN,…; a FIELD is one of ${FIELDS.join(', ')} or data.NAME`);
  }
  return new Map(pairs.map(([field = '', column = '']) => [field, column]));
}

/** The line of a row. A field that is not in the map is the column of its own name. */
export function lineOf(row: Fields, map: ReadonlyMap<string, string>): SourceRecord {
  const columns = new Map([...FIELDS.filter((field) => field in row).map((field) => [field, field] as const), ...map]);
  const valueIn = (field: string): unknown => row[columns.get(field) ?? ''];
  const { data, left } = dataOf(
    Object.fromEntries(
      [...columns.keys()].filter((key) => key.startsWith('data.')).map((key) => [key.slice(5), valueIn(key)]),
    ),
  );
  const line: ImportLine = {
    ...Object.fromEntries(PLAIN.map((field) => [field, textOf(valueIn(field))])),
    ...Object.fromEntries(FLAGS.map((field) => [field, flagOf(valueIn(field))])),
    created_at: timeOf(valueIn('created_at')),
    data,
    ...tokenIn(textOf(valueIn('refresh_token')), timeOf(valueIn('refresh_token_expires_at'))),
  };
  const used = new Set(columns.values());
  const unused = Object.keys(row).filter((column) => !used.has(column) && textOf(row[column]) !== undefined);
  return { line, left: [...unused, ...left] };
}

const tokenIn = (token: string | undefined, expiresAt: string | undefined): ImportLine =>
  token === undefined ? {} : { refresh_tokens: [{ token, expires_at: expiresAt ?? '' }] };
