// Names in statements: the columns a change sets, the last name that must stay, the unique index that decides.
import { isNotNull, type SQL, sql } from 'drizzle-orm';
import type { Identifier, Identity, IdentityChange, NameTaken } from '../../domain/accounts/account.ts';
import { foldKey } from '../../domain/accounts/names.ts';
import { refuse } from '../../domain/refusal.ts';
import type { FieldChange } from '../audit/changed-fields.ts';
import { accounts } from '../d1/schema/accounts.ts';
import { violatedUnique } from '../d1/unique.ts';

/** Finds the account with this email or username. */
export const isNamed = (identifier: Identifier): SQL =>
  'email' in identifier
    ? sql`${accounts.emailKey} = ${foldKey(identifier.email)}`
    : sql`${accounts.usernameKey} = ${foldKey(identifier.username)}`;

/** The folded keys of names. */
export const keysOf = ({ username, email }: Identity) => ({
  usernameKey: username === null ? null : foldKey(username),
  emailKey: email === null ? null : foldKey(email),
});

/** The columns that a change of names sets: each name with its key. */
export function columnsOf({ username, email }: IdentityChange) {
  return {
    ...(username === undefined ? {} : { username, usernameKey: username === null ? null : foldKey(username) }),
    ...(email === undefined ? {} : { email, emailKey: email === null ? null : foldKey(email) }),
  };
}

/** Which names a change replaces. */
export const nameChanges = ({ email, username }: IdentityChange): readonly FieldChange[] => [
  ...(email === undefined ? [] : [['email', sql`${accounts.email} IS NOT ${email}`] as const]),
  ...(username === undefined ? [] : [['username', sql`${accounts.username} IS NOT ${username}`] as const]),
];

/** The condition under which a change leaves the account a username or an email. */
export function keepsAName({ username, email }: IdentityChange): SQL {
  if (username === null && email === null) return sql`0`;
  if (username === null && email === undefined) return isNotNull(accounts.email);
  if (email === null && username === undefined) return isNotNull(accounts.username);
  return sql`1`;
}

/** Runs a write, and refuses where it violates the unique index of a name. */
export async function orNameTaken<T>(write: Promise<T>): Promise<T | NameTaken> {
  try {
    return await write;
  } catch (error) {
    const index = violatedUnique(error);
    if (index === 'accounts.username_key') return refuse('username_taken');
    if (index === 'accounts.email_key') return refuse('email_taken');
    throw error;
  }
}
