// A profile is what an account says of itself: a JSON object of its own, and its email. The account changes it, and admins do.
import { type Account, type AccountData, type Accounts, foldKey, type NameTaken } from './account.ts';
import type { Act } from './audit.ts';
import { JSON_OBJECT_TOO_LARGE } from './json-object.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Whose profile: the caller's own, while active; or any account's, active or not, while the one who names it is an active admin. */
export type Whose = { readonly ownId: number } | { readonly username: string; readonly adminId: number };

export interface ProfileChange {
  /** What is undefined stays, `null` clears. */
  readonly email: string | null | undefined;
  readonly data: AccountData;
  /** `merge` is RFC 7396: `null` removes, objects merge, anything else replaces. */
  readonly how: 'replace' | 'merge';
}

/** Where profiles are kept. */
export interface Profiles {
  /** The account, asked of the primary. */
  find(whose: Whose): Promise<Account | undefined>;
  /** Changes email and data in one statement; undefined where the account is gone, would be left without a name, or the data too large. */
  change(whose: Whose, change: ProfileChange, act: Act): Promise<Account | NameTaken | undefined>;
}

type Gone = Refusal<'token_revoked' | 'not_found'>;

/** Whose profile a caller reaches by a username. Whoever may not is told the same, after the same work, whether it exists or not. */
export function reach(caller: Account, username: string): Whose | Refusal<'forbidden'> {
  if (caller.username !== null && foldKey(caller.username) === foldKey(username)) return { ownId: caller.id };
  return caller.role === 'admin' ? { username, adminId: caller.id } : refuse('forbidden');
}

export async function readProfile(profiles: Profiles, caller: Account, whose: Whose): Promise<Account | Gone> {
  return 'ownId' in whose ? caller : ((await profiles.find(whose)) ?? goneFor(whose));
}

export async function changeProfile(
  profiles: Profiles,
  whose: Whose,
  change: ProfileChange,
  act: Act,
): Promise<Account | NameTaken | Gone | Refusal<'identity_required' | 'invalid_body'>> {
  const changed = await profiles.change(whose, change, act);
  if (changed) return changed;
  // Told apart only now that nothing was written.
  const account = await profiles.find(whose);
  if (!account) return goneFor(whose);
  if (change.email === null && account.username === null) return refuse('identity_required');
  return refuse('invalid_body', { errors: [{ path: '', message: JSON_OBJECT_TOO_LARGE }] });
}

/** Deletes the account behind a profile, with every session. */
export async function removeProfile(
  { profiles, accounts }: { readonly profiles: Profiles; readonly accounts: Accounts },
  whose: Whose,
  act: Act,
): Promise<'removed' | Gone | Refusal<'last_admin'>> {
  const id = 'ownId' in whose ? whose.ownId : (await profiles.find(whose))?.id;
  const removed = id === undefined ? 'gone' : await accounts.remove(id, act);
  if (removed === 'gone') return goneFor(whose);
  return removed === 'last_admin' ? refuse('last_admin') : 'removed';
}

/** Who is gone themselves has a token of nobody. */
const goneFor = (whose: Whose): Gone => ('ownId' in whose ? refuse('token_revoked') : refuse('not_found'));
