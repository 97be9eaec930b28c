// Passkeys: discoverable WebAuthn credentials that verify their user. An account may have several, each with a name.
import type { Account } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import type { NewMail } from '../mail/mail.ts';
import type { Refusal } from '../refusal.ts';
import type { VerifiedChallenge } from './challenge.ts';

/** A passkey as its owner sees it. Times are milliseconds since the epoch. */
export interface Passkey {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
  /** Whether it is synced to more than one device. */
  readonly backedUp: boolean;
}

/** The part of a passkey that a browser gets, to find it or to avoid making it twice. */
export interface CredentialDescriptor {
  /** In base64url. */
  readonly credentialId: string;
  readonly transports: readonly string[];
}

/** The part of a credential that assertions are verified with. */
export interface Credential extends CredentialDescriptor {
  /** A COSE key, in base64url. */
  readonly publicKey: string;
  /** Whether it may be synced, which never changes (WebAuthn Level 3 §6.1.3). */
  readonly backupEligible: boolean;
}

export interface NewPasskey extends Credential {
  readonly id: string;
  readonly name: string;
  readonly counter: number;
  readonly aaguid: string;
  readonly backedUp: boolean;
}

/** A passkey with its account, as the primary knows them. */
export interface FoundPasskey {
  readonly id: string;
  readonly credential: Credential;
  readonly account: Account;
}

/** A right assertion. The write that relies on it requires a risen counter and an unclaimed challenge. */
export interface PasskeyEvidence {
  readonly kind: 'passkey';
  readonly passkeyId: string;
  /** The signature counter of the assertion; 0 from an authenticator that keeps none. */
  readonly counter: number;
  readonly isSynced: boolean;
  readonly backedUp: boolean;
  readonly challenge: VerifiedChallenge;
}

/**
 * The passkeys of accounts. A method that writes records its audit event, and queues the notice of it, in the same
 * transaction.
 */
export interface Passkeys {
  /** The descriptors of an account's passkeys. */
  descriptors(accountId: number): Promise<readonly CredentialDescriptor[]>;
  find(credentialId: string): Promise<FoundPasskey | undefined>;
  /** Adds a passkey of the acting account, and claims the challenge that it was made for. */
  add(
    passkey: NewPasskey,
    challenge: VerifiedChallenge,
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<Passkey | Refusal<'passkey_exists' | 'invalid_new_passkey' | 'token_revoked'>>;
  rename(
    id: string,
    name: string,
    audit: AuthorizedContext,
  ): Promise<Passkey | Refusal<'passkey_not_found' | 'token_revoked'>>;
  /** Removes a passkey of the acting account, unless neither a password nor another passkey would be left. */
  remove(
    id: string,
    notice: NewMail | undefined,
    audit: AuthorizedContext,
  ): Promise<'removed' | Refusal<'passkey_not_found' | 'last_credential' | 'token_revoked'>>;
  /** Records a wrong assertion by one of an account's passkeys. */
  recordWrong(accountId: number | null, audit: AuditContext): Promise<void>;
}
