// An account's profile: its email and its own JSON object. The account itself and admins read, change and delete it.
import { type AuthorizedContext, asAdmin } from '../audit-context.ts';
import { deliverChange, type EmailChangeMails, emailChangeMails } from '../email/change.ts';
import { validateJsonObject } from '../json-object.ts';
import type { Mailing } from '../mail/mail.ts';
import { mergePatch } from '../merge-patch.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { AccountCaller } from '../sign-in/caller.ts';
import type { Account, AccountData, Accounts } from './account.ts';
import { foldKey } from './names.ts';
import { removeAccount } from './removal.ts';

/** The caller's own profile, or any account's by its username, which only admins reach. */
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
   * Replaces the data where it still equals `expected`. Undefined where it does not, the account or the authority is
   * gone, or no name would be left.
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
type Unreached = Refusal<'token_revoked' | 'forbidden' | 'not_found'>;

interface ProfilePorts {
  readonly profiles: Profiles;
  readonly accounts: Accounts;
}

/** Which profile a username means to the caller. Everybody else is refused alike, whether the account exists or not. */
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

type ChangeRefusal = Unreached | Refusal<'email_taken' | 'identity_required' | 'too_many_requests'>;

interface ChangePorts extends ProfilePorts {
  readonly mailing: Mailing;
}

/** Replaces the profile's data; an email that is not given stays. */
export async function replaceProfile(
  ports: ChangePorts,
  target: ProfileTarget,
  change: ProfileChange,
  audit: AuthorizedContext,
): Promise<Account | ChangeRefusal> {
  const { profiles, mailing } = ports;
  const context = contextFor(target, audit);
  const mails = emailChangeMails(mailing, change.email, audit.now);
  const replaced = await profiles.replace(target, change, mails, 'any', context);
  if (replaced) {
    if (!isRefusal(replaced)) deliverChange(mailing, mails, audit.now);
    return replaced;
  }
  return (await profiles.find(target, context)) ? refuse('identity_required') : unreached(ports, target, audit);
}

/** A merge gives up after this many concurrent changes in a row. */
const MERGE_ATTEMPTS = 50;

/**
 * Merges a patch into the profile's data (RFC 7396), and starts again where somebody else changed the data meanwhile.
 */
export async function mergeProfile(
  ports: ChangePorts,
  caller: AccountCaller,
  target: ProfileTarget,
  { email, data: patch }: ProfileChange,
  audit: AuthorizedContext,
): Promise<Account | ChangeRefusal | Refusal<'invalid_body' | 'unavailable'>> {
  const { profiles, mailing } = ports;
  const context = contextFor(target, audit);
  const mails = emailChangeMails(mailing, email, audit.now);
  // A session token's account was just read from the primary; an access token's may come from a replica.
  const isFresh = target === 'own' && caller.use === 'session';
  let current = isFresh ? caller.account : await profiles.find(target, context);
  for (let attempt = 0; attempt < MERGE_ATTEMPTS; attempt += 1) {
    if (!current) return unreached(ports, target, audit);
    if (email === null && current.username === null) return refuse('identity_required');
    const data = mergePatch(current.data, patch);
    const message = validateJsonObject(data);
    if (message) return refuse('invalid_body', { errors: [{ path: '', message }] });
    const merged = await profiles.replace(target, { email, data }, mails, current.data, context);
    if (merged) {
      if (!isRefusal(merged)) deliverChange(mailing, mails, audit.now);
      return merged;
    }
    current = await profiles.find(target, context);
  }
  return refuse('unavailable');
}

/** Deletes the account of a profile, with every session. */
export async function removeProfile(
  ports: ChangePorts,
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
const contextFor = (target: ProfileTarget, audit: AuthorizedContext): AuthorizedContext =>
  target === 'own' ? audit : asAdmin(audit);

/** Why nothing was reached: the caller's session, account or role has ended meanwhile, or there is no such account. */
async function unreached(
  { accounts }: ProfilePorts,
  target: ProfileTarget,
  { authority, now }: AuthorizedContext,
): Promise<Unreached> {
  if (target === 'own') return refuse('token_revoked');
  const caller = await accounts.findAuthorized({ ...authority, role: null }, now);
  if (!caller) return refuse('token_revoked');
  return refuse(caller.role === 'admin' ? 'not_found' : 'forbidden');
}
