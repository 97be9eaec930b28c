// Supabase Auth: the table auth.users as CSV.
import { csvRowsIn } from './read.ts';
import type { Source, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, textOf, timeOf } from './values.ts';

export const supabase: Source = async function* supabase(file, { onRead }) {
  for await (const row of csvRowsIn(file, onRead)) yield recordOf(row);
};

/** Supabase's own keys in the metadata of a user. */
const OWN = ['sub', 'email', 'email_verified', 'phone_verified'];

function recordOf(row: Fields): SourceRecord {
  const metadata = Object.entries(objectIn(row.raw_user_meta_data)).filter(([key]) => !OWN.includes(key));
  const { data, left } = dataOf({ ...Object.fromEntries(metadata), old_id: textOf(row.id) });
  const bannedUntil = timeOf(row.banned_until);
  const isBanned = bannedUntil !== undefined && Date.parse(bannedUntil) > Date.now();
  const notTaken = ['phone', 'raw_app_meta_data', 'last_sign_in_at'].filter((name) => textOf(row[name]) !== undefined);
  return {
    line: {
      email: textOf(row.email),
      email_verified: textOf(row.email_confirmed_at) !== undefined,
      password_hash: textOf(row.encrypted_password),
      active: !isBanned && textOf(row.deleted_at) === undefined,
      created_at: timeOf(row.created_at),
      data,
    },
    left: [...notTaken, ...(flagOf(row.is_super_admin) ? ['is_super_admin'] : []), ...left],
  };
}

function objectIn(value: unknown): Fields {
  try {
    const parsed: unknown = JSON.parse(textOf(value) ?? '{}');
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as Fields) : {};
  } catch {
    return {};
  }
}
