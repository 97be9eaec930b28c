// The factors of an account beside its password: an authenticator app with its recovery codes, and passkeys.
import type { AuthorizedContext } from '../audit-context.ts';
import type { NewMail } from '../mail/mail.ts';
import type { Passkey } from '../passkeys/passkey.ts';
import type { Refusal } from '../refusal.ts';

export interface FactorOverview {
  /** The confirmed authenticator app; milliseconds since the epoch. */
  readonly totp: { readonly createdAt: number } | null;
  readonly recoveryCodesLeft: number;
  /** The oldest first. */
  readonly passkeys: readonly Passkey[];
}

/** A code that was right for a pending authenticator app. */
export interface Confirmation {
  readonly box: string;
  readonly step: number;
  readonly recoveryCodeHashes: readonly string[];
}

/** How long an authenticator app waits for its first code. */
export const PENDING_MS = 10 * 60 * 1000;

/**
 * The factors of accounts. A method that writes acts on the acting account unless it names one; it records its audit
 * events, and queues the notice of them, in the same transaction.
 */
export interface Factors {
  overview(accountId: number): Promise<FactorOverview>;
  /** Whether the account has a confirmed authenticator app or a passkey. */
  hasAny(accountId: number): Promise<boolean>;
  /** Stores a new secret, encrypted in a box, in place of an unconfirmed one. */
  beginTotp(box: string, audit: AuthorizedContext): Promise<'pending' | Refusal<'factor_enrolled' | 'token_revoked'>>;
  /** The box of the pending secret. */
  pendingTotp(accountId: number, now: number): Promise<string | undefined>;
  /** Confirms the pending app, stores its recovery codes, and marks the acting session as proven by two factors. */
  confirmTotp(
    confirmation: Confirmation,
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'confirmed' | Refusal<'factor_not_pending' | 'token_revoked'>>;
  /** Removes the authenticator app with its recovery codes. */
  removeTotp(
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'removed' | Refusal<'factor_not_found' | 'token_revoked'>>;
  /** Replaces the recovery codes of an account with an authenticator app. */
  replaceRecoveryCodes(
    hashes: readonly string[],
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'replaced' | Refusal<'factor_not_found' | 'token_revoked'>>;
  /** Removes every factor of an account, as an admin. */
  removeAll(
    accountId: number,
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'removed' | Refusal<'account_not_found' | 'token_revoked' | 'forbidden'>>;
}
