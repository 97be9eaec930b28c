// An account's profile: its email and its own JSON object. The account itself and admins read and delete it.
import { type AuthorizedContext, asAdmin } from '../audit-context.ts';
import type { EmailChangeMails } from '../email/change.ts';
import type { Mailing } from '../mail/mail.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { AccountCaller } from '../sign-in/caller.ts';
import type { Account, AccountData, Accounts } from './account.ts';
import { foldKey } from './names.ts';
import { removeAccount } from './removal.ts';

/** The caller's own profile, or any account's by its username, which only admins may name. */
export type ProfileTarget = 'own' | { readonly username: string };

export interface ProfileChange {
  /** Undefined leaves the email, `null` clears it. */
  readonly email: string | null | undefined;
  readonly data: AccountData;
}

/** Profiles, read from the primary. Each method checks the authority in the statement itself. */
export interface Profiles {
  find(target: ProfileTarget, audit: AuthorizedContext): Promise<Account | undefined>;
  /**
   * Replaces the data where it still equals `expected`. Undefined where it does not, where the account was deleted or
   * the authority has ended, or where no name would be left.
   */
  replace(
    target: ProfileTarget,
    change: ProfileChange,
    mails: EmailChangeMails,
    expected: AccountData | 'any',
    audit: AuthorizedContext,
  ): Promise<Account | Refusal<'email_taken' | 'too_many_requests'> | undefined>;
}

/** The profile was deleted, or the caller's right to it has ended. */
export type Unreached = Refusal<'token_revoked' | 'forbidden' | 'not_found'>;

export interface ProfilePorts {
  readonly profiles: Profiles;
  readonly accounts: Accounts;
}

/**
 * The profile that a username names, if the caller may reach it. Other callers are refused alike, whether the account
 * exists or not.
 */
export function authorizeProfile(
  { account, client }: AccountCaller,
  username: string,
): ProfileTarget | Refusal<'forbidden'> {
  if (account.username !== null && foldKey(account.username) === foldKey(username)) return 'own';
  return account.role === 'admin' && !client ? { username } : refuse('forbidden');
}

export async function readProfile(
  ports: ProfilePorts,
  caller: Account,
  target: ProfileTarget,
  audit: AuthorizedContext,
): Promise<Account | Unreached> {
  if (target === 'own') return caller;
  return (await ports.profiles.find(target, asAdmin(audit))) ?? unreached(ports, target, audit);
}

/** Deletes the account of a profile, with every session. */
export async function removeProfile(
  ports: ProfilePorts & { readonly mailing: Mailing },
  target: ProfileTarget,
  audit: AuthorizedContext,
): Promise<'removed' | Unreached | Refusal<'last_admin'>> {
  const context = contextFor(target, audit);
  const id = target === 'own' ? audit.actorId : (await ports.profiles.find(target, context))?.id;
  const removed = id === undefined ? 'not_found' : await removeAccount(ports, id, context);
  if (removed === 'not_found') return unreached(ports, target, audit);
  return removed === 'last_admin' ? refuse('last_admin') : 'removed';
}

/** Another account's profile needs the admin role, also at the moment of the write. */
export const contextFor = (target: ProfileTarget, audit: AuthorizedContext): AuthorizedContext =>
  target === 'own' ? audit : asAdmin(audit);

/** Why nothing was reached: the caller's session, account or role has ended meanwhile, or there is no such account. */
export async function unreached(
  { accounts }: ProfilePorts,
  target: ProfileTarget,
  { authority, now }: AuthorizedContext,
): Promise<Unreached> {
  if (target === 'own') return refuse('token_revoked');
  const caller = await accounts.findAuthorized({ ...authority, role: null }, now);
  if (!caller) return refuse('token_revoked');
  return refuse(caller.role === 'admin' ? 'not_found' : 'forbidden');
}
