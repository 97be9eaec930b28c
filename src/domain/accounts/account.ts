// An account has a username, an email, or both. Names are unique, and found without regard to case.
import type { Authority, AuthorizedContext } from '../audit-context.ts';
import { deliverChange, type EmailChangeMails, emailChangeMails } from '../email/change.ts';
import type { Mailing, NewMail } from '../mail/mail.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';

export type Role = 'user' | 'admin';

/** The account's own JSON object; a key may be any string, `__proto__` included. */
export type AccountData = Readonly<Record<string, unknown>>;

/** Keys that an account's own data must not have: they name fields that it cannot set. */
export const RESERVED_KEYS = ['id', 'role', 'active', 'created_at', 'updated_at'] as const;

export interface Account {
  readonly id: number;
  readonly username: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly role: Role;
  readonly active: boolean;
  readonly data: AccountData;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The identifier of an account at login. */
export type Identifier = { readonly email: string } | { readonly username: string };

export interface Identity {
  readonly username: string | null;
  readonly email: string | null;
}

/** The names to change: undefined leaves a name, `null` clears it. */
export type IdentityChange = { readonly [K in keyof Identity]?: Identity[K] | undefined };

export type NameTaken = Refusal<'username_taken' | 'email_taken'>;

/** The accounts table. A method that writes records its audit event in the same transaction. */
export interface Accounts {
  /** The active account with this id, read from the nearest replica. */
  findActive(id: number): Promise<Account | undefined>;
  /** The account of an authority that holds now, read from the primary. `now` is in milliseconds. */
  findAuthorized(authority: Authority, now: number): Promise<Account | undefined>;
  /**
   * Changes the acting account's names in one statement. Undefined where its authority has ended or no name would be
   * left.
   */
  rename(
    change: IdentityChange,
    mails: EmailChangeMails,
    audit: AuthorizedContext,
  ): Promise<Account | NameTaken | Refusal<'too_many_requests'> | undefined>;
  /**
   * Deletes an account: from then on no query finds it. Its sessions and private entities are removed, its public
   * entities stay without an owner; for a large account this ends after the response. The acting account must be the
   * account itself or an admin. The last active admin is never deleted.
   */
  remove(
    id: number,
    audit: AuthorizedContext,
    notice?: NewMail | undefined,
  ): Promise<'removed' | 'last_admin' | 'not_found'>;
}

/** Changes the caller's own names. An empty change changes nothing. */
export async function rename(
  { accounts, mailing }: { readonly accounts: Accounts; readonly mailing: Mailing },
  change: IdentityChange,
  audit: AuthorizedContext,
): Promise<Account | NameTaken | Refusal<'identity_required' | 'token_revoked' | 'too_many_requests'>> {
  const mails = emailChangeMails(mailing, change.email, audit.now);
  const changesAName = change.username !== undefined || change.email !== undefined;
  const renamed = changesAName ? await accounts.rename(change, mails, audit) : undefined;
  if (renamed) {
    if (!isRefusal(renamed)) deliverChange(mailing, mails, audit.now);
    return renamed;
  }
  // Nothing was written: the authority has ended, nothing was to be changed, or the last name was to be cleared.
  const account = await accounts.findAuthorized(audit.authority, audit.now);
  if (!account) return refuse('token_revoked');
  return changesAName ? refuse('identity_required') : account;
}
