// Exports: accounts in the form that an import takes, and everything that is stored of one account for its owner.
import type { Account } from '../accounts/account.ts';
import type { AuditEvent } from '../audit/trail.ts';
import type { AuthorizedContext } from '../audit-context.ts';
import type { Entity } from '../entities/entity.ts';
import type { Page } from '../page.ts';
import type { Refusal } from '../refusal.ts';
import type { SessionKind } from '../sessions/session.ts';
import type { LineToken } from './line-tokens.ts';

export interface ExportOptions {
  /** Whether the hashes that passwords and refresh tokens are checked with are exported. */
  readonly hashes: boolean;
  /** `HEAD` reads without a record. */
  readonly event: 'recorded' | 'unrecorded';
}

export interface ExportedAccount {
  readonly account: Account;
  /** Null where the account has no password, and without hashes. */
  readonly passwordHash: string | null;
  /** The current tokens of its live sessions; none without hashes. */
  readonly refreshTokens: readonly LineToken[];
}

export interface AccountExports {
  /** A page of accounts by their ids, from the primary, in one transaction with the event of their export. */
  page(
    after: string | undefined,
    options: ExportOptions,
    audit: AuthorizedContext,
  ): Promise<Page<ExportedAccount> | Refusal<'token_revoked' | 'forbidden'>>;
}

/** A session as its owner's data: ended ones too. Times are milliseconds since the epoch. */
export interface OwnSession {
  readonly id: string;
  readonly kind: SessionKind;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  readonly userAgent: string | null;
  readonly ip: string | null;
}

/** A game as its owner's data. */
export interface OwnGame {
  readonly id: number;
  readonly createdAt: number | null;
  readonly stamps: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** A stamp of a game at which the score changed. */
export interface OwnScore {
  readonly gameId: number;
  readonly offset: number;
  readonly home: number;
  readonly away: number;
}

/** A network that signed in to the account. */
export interface OwnNetwork {
  readonly network: string;
  readonly lastAt: number;
}

/** The part of an account's data that is not a list of any length. */
export interface OwnAccount {
  readonly account: Account;
  readonly hasPassword: boolean;
  readonly networks: readonly OwnNetwork[];
}

/**
 * Everything that is stored of the acting account, page by page. `after` is the position that the page before ended at.
 */
export interface OwnData {
  /** Reads the account, in one transaction with the event of its export. */
  begin(event: ExportOptions['event'], audit: AuthorizedContext): Promise<OwnAccount | Refusal<'token_revoked'>>;
  sessions(accountId: number, after: string | undefined): Promise<Page<OwnSession>>;
  entities(accountId: number, after: string | undefined): Promise<Page<Entity>>;
  games(accountId: number, after: string | undefined): Promise<Page<OwnGame>>;
  /** The scores of all those games. */
  scores(accountId: number, after: string | undefined): Promise<Page<OwnScore>>;
  events(accountId: number, after: string | undefined): Promise<Page<AuditEvent>>;
}
