// Administration: admins read and change other accounts. The last active admin stays an active admin.
import type { AuthorizedContext } from '../audit-context.ts';
import type { Page } from '../page.ts';
import type { Refusal } from '../refusal.ts';
import type { Account, Role } from './account.ts';

export interface AccountFilter {
  /** The start of an email or a username, in any case. */
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** The role and status to set; undefined leaves either as it is. */
export interface RoleAndStatus {
  readonly role?: Role | undefined;
  readonly active?: boolean | undefined;
}

/** Display names by account id. */
export type AccountNames = ReadonlyMap<number, string>;

/** Every account, read from the primary. */
export interface Administration {
  find(id: number): Promise<Account | undefined>;
  /**
   * Newest first, or by the matching name for a search. `after` is the position that the page before ended at. A page
   * of a search may be short, even empty, without being the last.
   */
  list(filter: AccountFilter, after: string | undefined, limit: number): Promise<Page<Account>>;
  /** The email, or else the username, of each of these accounts that exists. */
  names(ids: readonly number[]): Promise<AccountNames>;
  /**
   * Changes role and status in one transaction, and revokes every session of an account that it deactivates. A change
   * that changes nothing is not recorded.
   */
  change(
    id: number,
    change: RoleAndStatus,
    audit: AuthorizedContext,
  ): Promise<Account | Refusal<'account_not_found' | 'last_admin' | 'token_revoked' | 'forbidden'>>;
}
