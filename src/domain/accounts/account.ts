// An account has a username, an email, or both; names are unique and found without regard to case.
import type { Act } from '../audit/event.ts';
import { type Refusal, refuse } from '../refusal.ts';

export type Role = 'user' | 'admin';

/** The account's own JSON object; a key may be any string, `__proto__` too. */
export type AccountData = Readonly<Record<string, unknown>>;

export interface Account {
  readonly id: number;
  readonly username: string | null;
  readonly email: string | null;
  readonly role: Role;
  readonly active: boolean;
  readonly data: AccountData;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** How an account is named at login. */
export type Identifier = { readonly email: string } | { readonly username: string };

export interface Identity {
  readonly username: string | null;
  readonly email: string | null;
}

/** What may be changed of an identity; what is undefined stays, `null` clears. */
export type IdentityChange = { readonly [K in keyof Identity]?: Identity[K] | undefined };

export type NameTaken = Refusal<'username_taken' | 'email_taken'>;

/** Where accounts are kept. A method that writes records its audit event in the same transaction. */
export interface Accounts {
  /** The active account with this id, as the nearest replica knows it. */
  active(id: number): Promise<Account | undefined>;
  /** The same, as the primary knows it: whoever was demoted or deactivated is so at once. */
  activeNow(id: number): Promise<Account | undefined>;
  /** Changes names of an active account in one statement; undefined where the account is gone or would be left without a name. */
  rename(id: number, change: IdentityChange, act: Act): Promise<Account | NameTaken | undefined>;
  /**
   * Deletes the account, its sessions and private entities; public entities stay without an owner. The last active admin stays.
   * `act.actorId` is the account itself or an admin, and active now, or nothing happens.
   */
  remove(id: number, act: Act): Promise<'removed' | 'last_admin' | 'gone'>;
}

const MAX_EMAIL_LENGTH = 254;
const MAX_USERNAME_LENGTH = 150;

// The pattern of HTML's email input (HTML Living Standard, "valid email address").
const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;

// Control, format, unassigned and surrogate code points, separators other than the plain space, and what a path could not carry.
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}@/]|(?! )\p{Zs}/u;

/** Trimmed and NFKC-normalised, as names are kept and shown. */
export const normaliseName = (text: string): string => text.normalize('NFKC').trim();

/** The form under which a name is unique and found: up and down again folds ß, ẞ and SS together. */
export const foldKey = (text: string): string =>
  normaliseName(text).toLowerCase().toUpperCase().toLowerCase().normalize('NFKC');

/** The email as it is kept, or undefined where HTML's email input would not take it. */
export function parseEmail(text: string): string | undefined {
  const email = normaliseName(text);
  return email.length <= MAX_EMAIL_LENGTH && EMAIL.test(email) ? email : undefined;
}

/** The username as it is kept, or undefined where it is not 1 to 150 printable characters. */
export function parseUsername(text: string): string | undefined {
  const username = normaliseName(text);
  const length = [...username].length;
  const fits = length >= 1 && length <= MAX_USERNAME_LENGTH && username !== '.' && username !== '..';
  return fits && !UNPRINTABLE.test(username) ? username : undefined;
}

/** Changes what is given of an account's names; nothing given changes nothing. */
export async function rename(
  { accounts }: { readonly accounts: Accounts },
  id: number,
  change: IdentityChange,
  act: Act,
): Promise<Account | NameTaken | Refusal<'identity_required' | 'token_revoked'>> {
  const renamed = await accounts.rename(id, change, act);
  if (renamed) return renamed;
  // Told apart only now that nothing was written: the account is gone, or this would have been its last name.
  return refuse((await accounts.active(id)) ? 'identity_required' : 'token_revoked');
}
