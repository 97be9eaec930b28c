// Auth0: the NDJSON of a bulk user export, or the one with `passwordHash` that its support hands out.
import { linesIn } from './read.ts';
import type { Source, SourceRecord } from './source.ts';
import { dataOf, type Fields, flagOf, namesOf, textOf, timeOf } from './values.ts';

export const auth0: Source = async function* auth0(file, { onRead }) {
  for await (const line of linesIn(file, onRead)) yield recordOf(line);
};

function recordOf(line: string): SourceRecord {
  const user = objectIn(line);
  if (!user) return { line, left: [] }; // refused, with its number
  const { left: leftNames, ...names } = namesOf(textOf(user.username), textOf(user.email));
  const metadata = fieldsIn(user.user_metadata);
  const { data, left } = dataOf({ name: user.name, image: user.picture, ...metadata, old_id: idOf(user) });
  const notTaken = ['app_metadata', 'phone_number', 'multifactor'].filter((name) => isGiven(user[name]));
  return {
    line: {
      ...names,
      email_verified: flagOf(user.email_verified),
      password_hash: textOf(user.passwordHash) ?? textOf(fieldsIn(fieldsIn(user.custom_password_hash).hash).value),
      active: !(flagOf(user.blocked) ?? false),
      created_at: timeOf(user.created_at),
      data,
    },
    left: [...social(user), ...notTaken, ...leftNames, ...left],
  };
}

const idOf = (user: Fields): unknown => user.user_id ?? user.Id ?? fieldsIn(user._id).$oid;

/** Logins with other services than Auth0's own database. */
function social(user: Fields): readonly string[] {
  const identities = Array.isArray(user.identities) ? user.identities : [];
  const providers = identities.map((identity) => textOf(identity?.provider));
  return providers.filter((provider) => provider && provider !== 'auth0').map((provider) => `login with ${provider}`);
}

const isGiven = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && Object.keys(Object(value)).length > 0;

const fieldsIn = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function objectIn(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}
