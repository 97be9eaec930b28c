// The state that the in-memory adapters share: the rows and keys of D1 and KV, as the domain sees them.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditEvent } from '../../../src/domain/audit/trail.ts';
import type { ClientInfo } from '../../../src/domain/audit-context.ts';
import type { Entity, Idempotency } from '../../../src/domain/entities/entity.ts';
import type { NewGame } from '../../../src/domain/games/game.ts';
import type { QueuedMail, WaitingMail } from '../../../src/domain/mail/outbox.ts';
import type { ClientWithSecret } from '../../../src/domain/oauth/client.ts';
import type { NewCode } from '../../../src/domain/oauth/code.ts';
import type { Scope } from '../../../src/domain/oauth/scopes.ts';
import type { NewOneTimeToken } from '../../../src/domain/one-time-tokens/one-time-token.ts';
import type { NewPasskey, Passkey } from '../../../src/domain/passkeys/passkey.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import type { IssuedRefreshToken } from '../../../src/domain/sessions/refresh-token.ts';
import type { NewSession } from '../../../src/domain/sessions/session.ts';
import type { SettingKey } from '../../../src/domain/settings/settings.ts';
import type { TokenClient } from '../../../src/domain/tokens/claims.ts';

export interface StoredSession extends NewSession, ClientInfo {
  readonly accountId: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly revokedAt: number | null;
  readonly authentication: Authentication;
  /** The client that it was opened for; absent for our own logins. */
  readonly client?: TokenClient;
  /** The hash of the token that was rotated last, and when it was. */
  readonly rotatedHash: string | null;
  readonly rotatedAt: number | null;
}

export interface GuessCount {
  readonly subject: string;
  readonly network: string;
  readonly count: number;
  readonly lockedUntil: number;
  readonly lastAt: number;
  readonly windowCount: number;
  readonly windowStart: number;
}

export interface StoredTotp {
  readonly box: string;
  readonly createdAt: number;
  /** Null until a first code confirmed it. */
  readonly confirmedAt: number | null;
  readonly lastStep: number;
  /** Wrong codes in a row. */
  readonly wrongCodes: number;
  /** When the last guesses at a code were made, oldest first. */
  readonly triedAt: readonly number[];
}

/** A mail as the outbox holds it. */
export type StoredMail = QueuedMail & Pick<WaitingMail, 'dueAt' | 'lastError' | 'givenUpAt'>;

export interface StoredPasskey extends NewPasskey, Passkey {
  readonly accountId: number;
}

export interface StoredClient extends ClientWithSecret {
  readonly deletedAt: number | null;
}

export interface StoredCode extends NewCode {
  readonly accountId: number;
  readonly authentication: Authentication;
  readonly usedAt: number | null;
  /** The session that it opened. */
  readonly sessionId: string | null;
}

export interface StoredGrant {
  readonly accountId: number;
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly lastUsedAt: number;
}

/** A refresh token that an import brought. */
export interface ImportedToken {
  readonly accountId: number;
  readonly sessionId: string;
  readonly expiresAt: number;
}

export interface StoredToken extends NewOneTimeToken {
  readonly accountId: number;
  readonly email: string;
  readonly emailKey: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

export interface StoredIdempotencyKey extends Idempotency {
  readonly accountId: number;
  readonly entityId: number;
  readonly createdAt: number;
}

export interface StoredGame extends NewGame {
  readonly ownerId: number;
  readonly createdAt: number;
}

/** A network that signed in to an account. */
export interface KnownNetwork {
  readonly accountId: number;
  readonly network: string;
  readonly lastAt: number;
}

/** The changes of an account's email in the current window. */
export interface EmailChanges {
  readonly count: number;
  readonly since: number;
}

export interface State {
  readonly accounts: Map<number, Account>;
  /** The accounts whose email was verified once. */
  readonly everVerified: Set<number>;
  /** By account. */
  readonly emailChanges: Map<number, EmailChanges>;
  /** The password hash of each account that has a password. */
  readonly passwords: Map<number, string>;
  /** The authenticator app of each account that has one, confirmed or not. */
  readonly totps: Map<number, StoredTotp>;
  /** By account: when each hash was made. */
  readonly recoveryCodes: Map<number, ReadonlyMap<string, number>>;
  readonly passkeys: Map<string, StoredPasskey>;
  /** When each challenge expires that was used. */
  readonly usedChallenges: Map<string, number>;
  readonly sessions: Map<string, StoredSession>;
  readonly events: AuditEvent[];
  readonly mails: Map<string, StoredMail>;
  readonly oneTimeTokens: Map<string, StoredToken>;
  /** By subject and network. */
  readonly guesses: Map<string, GuessCount>;
  /** By account and network. */
  readonly knownNetworks: Map<string, KnownNetwork>;
  /** By hash. Nothing here expires, since the port does not get the time. */
  readonly refreshTokens: Map<string, IssuedRefreshToken>;
  readonly settings: Map<SettingKey, string>;
  readonly entities: Map<number, Entity>;
  /** By account and key. */
  readonly idempotencyKeys: Map<string, StoredIdempotencyKey>;
  readonly games: Map<number, StoredGame>;
  readonly clients: Map<string, StoredClient>;
  /** By hash. */
  readonly codes: Map<string, StoredCode>;
  /** By account and client. */
  readonly grants: Map<string, StoredGrant>;
  /** By hash. */
  readonly importedTokens: Map<string, ImportedToken>;
  /** The accounts that imports made, each with the state that shows whether it was used since. */
  readonly imports: Map<number, ReadonlySet<string>>;
  /** An id that nothing else has or had. */
  nextId(): number;
}

export function newState(): State {
  let lastId = 0;
  return {
    accounts: new Map(),
    everVerified: new Set(),
    emailChanges: new Map(),
    passwords: new Map(),
    totps: new Map(),
    recoveryCodes: new Map(),
    passkeys: new Map(),
    usedChallenges: new Map(),
    sessions: new Map(),
    events: [],
    mails: new Map(),
    oneTimeTokens: new Map(),
    guesses: new Map(),
    knownNetworks: new Map(),
    refreshTokens: new Map(),
    settings: new Map(),
    entities: new Map(),
    idempotencyKeys: new Map(),
    games: new Map(),
    clients: new Map(),
    codes: new Map(),
    grants: new Map(),
    importedTokens: new Map(),
    imports: new Map(),
    nextId: () => {
      lastId += 1;
      return lastId;
    },
  };
}

/** The key of a row that two columns identify. */
export const keyOf = (first: number | string, second: string): string => JSON.stringify([first, second]);

/** The fields of a change that are given: undefined leaves a field as it is. */
export const givenOf = <T extends object>(change: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> =>
  // Without the undefined ones, each value is of its field's type.
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Of these fields, the names of those that a change replaces. */
export const changedFields = <T extends object>(
  before: T,
  change: { readonly [K in keyof T]?: T[K] | undefined },
  names: readonly (keyof T & string)[],
): readonly string[] =>
  names.filter((name) => change[name] !== undefined && JSON.stringify(change[name]) !== JSON.stringify(before[name]));
