// Grants: the scopes that an account allowed a client. A first-party client gets one without consent.
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import type { Refusal } from '../refusal.ts';
import type { Scope } from './scopes.ts';

export interface Grant {
  readonly clientId: string;
  readonly clientName: string;
  readonly scopes: readonly Scope[];
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

export interface Grants {
  /** The scopes that an account granted a client; none where it granted nothing. */
  scopesOf(accountId: number, clientId: string): Promise<readonly Scope[]>;
  list(accountId: number): Promise<readonly Grant[]>;
  /** Withdraws a grant: the client's sessions and codes of the account end in the same transaction. */
  withdraw(
    clientId: string,
    audit: AuthorizedContext,
  ): Promise<'withdrawn' | Refusal<'grant_not_found' | 'token_revoked' | 'forbidden'>>;
  /** Ends the client's sessions of an account, as its logout asks. */
  endSessions(accountId: number, clientId: string, audit: AuditContext): Promise<void>;
}
