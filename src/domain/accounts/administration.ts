// What an admin sees and changes of other people's accounts; there is always an active admin once there was one.

import type { Act } from '../audit/event.ts';
import type { Page } from '../page.ts';
import type { Refusal } from '../refusal.ts';
import type { Account, Role } from './account.ts';

export interface AccountFilter {
  /** The start of an email or a username, in any case. */
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** What is undefined stays as it is. */
export interface Standing {
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** How an account is called in a list of events. */
export type AccountNames = ReadonlyMap<number, string>;

/** Every account, as the primary knows it. */
export interface Administration {
  find(id: number): Promise<Account | undefined>;
  /** Newest first; those that a search finds, by the name that it found. `after` is the position of a page before this one. */
  list(filter: AccountFilter, after: string | undefined, limit: number): Promise<Page<Account>>;
  /** Email or username of each of these accounts that is there still. */
  names(ids: readonly number[]): Promise<AccountNames>;
  /** Changes a standing in one transaction; whoever is deactivated loses every session in it. What changes nothing records nothing. */
  change(id: number, standing: Standing, act: Act): Promise<Account | Refusal<'account_not_found' | 'last_admin'>>;
}
