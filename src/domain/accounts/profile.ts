// A profile is what an account says of itself: a JSON object of its own, and its email. The account changes it, and admins do.

import type { Act } from '../audit/event.ts';
import { faultOf } from '../json-object.ts';
import { mergePatch } from '../merge-patch.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Caller } from '../sign-in/bearer.ts';
import { type Account, type AccountData, type Accounts, foldKey, type NameTaken } from './account.ts';

/** Whose profile: the caller's own, while active; or any account's, active or not, while the one who names it is an active admin. */
export type Whose = { readonly ownId: number } | { readonly username: string; readonly adminId: number };

export interface ProfileChange {
  /** What is undefined stays, `null` clears. */
  readonly email: string | null | undefined;
  readonly data: AccountData;
}

/** Where profiles are kept. */
export interface Profiles {
  /** The account, asked of the primary. */
  find(whose: Whose): Promise<Account | undefined>;
  /** Replaces the data, if it is `expected` still; undefined where it is not, or the account gone, or it would be left without a name. */
  replace(
    whose: Whose,
    change: ProfileChange,
    expected: AccountData | 'any',
    act: Act,
  ): Promise<Account | NameTaken | undefined>;
}

/** A caller with the account that their token was checked with. */
type AccountCaller = Caller & { readonly account: Account };

type Gone = Refusal<'token_revoked' | 'not_found'>;

/** Whose profile a caller reaches by a username. Whoever may not is told the same, after the same work, whether it exists or not. */
export function reach(caller: Account, username: string): Whose | Refusal<'forbidden'> {
  if (caller.username !== null && foldKey(caller.username) === foldKey(username)) return { ownId: caller.id };
  return caller.role === 'admin' ? { username, adminId: caller.id } : refuse('forbidden');
}

export async function readProfile(profiles: Profiles, caller: Account, whose: Whose): Promise<Account | Gone> {
  return 'ownId' in whose ? caller : ((await profiles.find(whose)) ?? goneFor(whose));
}

type ChangeRefusal = NameTaken | Gone | Refusal<'identity_required'>;

/** Puts other data in the place of the profile's; an email that is not given stays. */
export async function replaceProfile(
  profiles: Profiles,
  whose: Whose,
  change: ProfileChange,
  act: Act,
): Promise<Account | ChangeRefusal> {
  const replaced = await profiles.replace(whose, change, 'any', act);
  if (replaced) return replaced;
  // Told apart only now that nothing was written.
  return (await profiles.find(whose)) ? refuse('identity_required') : goneFor(whose);
}

/** As many others in a row must come first before a merge gives up. */
const MERGE_ATTEMPTS = 50;

/** Merges the data with that of the profile (RFC 7396); what was merged is written only where it was merged from what is still there. */
export async function mergeProfile(
  profiles: Profiles,
  caller: AccountCaller,
  whose: Whose,
  { email, data: patch }: ProfileChange,
  act: Act,
): Promise<Account | ChangeRefusal | Refusal<'invalid_body' | 'unavailable'>> {
  // A session token was checked at the primary, just now; an access token's account may be a replica's.
  let current = 'ownId' in whose && caller.use === 'session' ? caller.account : await profiles.find(whose);
  for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
    if (!current) return goneFor(whose);
    if (email === null && current.username === null) return refuse('identity_required');
    const data = mergePatch(current.data, patch);
    const fault = faultOf(data);
    if (fault) return refuse('invalid_body', { errors: [{ path: '', message: fault }] });
    const merged = await profiles.replace(whose, { email, data }, current.data, act);
    if (merged) return merged;
    current = await profiles.find(whose);
  }
  return refuse('unavailable');
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
