// What the in-memory adapters share: the rows and keys that D1 and KV would hold, as the domain sees them.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditEvent } from '../../../src/domain/audit/trail.ts';
import type { ClientInfo } from '../../../src/domain/audit-context.ts';
import type { Entity, Idempotency } from '../../../src/domain/entities/entity.ts';
import type { NewGame } from '../../../src/domain/games/game.ts';
import type { QueuedMail } from '../../../src/domain/mail/outbox.ts';
import type { NewOneTimeToken } from '../../../src/domain/one-time-tokens/one-time-token.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import type { IssuedRefreshToken } from '../../../src/domain/sessions/refresh-token.ts';
import type { NewSession } from '../../../src/domain/sessions/session.ts';
import type { SettingKey } from '../../../src/domain/settings/settings.ts';

export interface StoredSession extends NewSession, ClientInfo {
  readonly accountId: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly revokedAt: number | null;
  readonly authentication: Authentication;
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

export interface StoredToken extends NewOneTimeToken {
  readonly accountId: number;
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
}

/** The changes of an account's email in the current window. */
export interface EmailChanges {
  readonly count: number;
  readonly since: number;
}

export interface State {
  readonly accounts: Map<number, Account>;
  /** By account. */
  readonly emailChanges: Map<number, EmailChanges>;
  /** The password hash of each account that has a password. */
  readonly passwords: Map<number, string>;
  /** The authenticator app of each account that has one, confirmed or not. */
  readonly totps: Map<number, StoredTotp>;
  /** Hashes by account. */
  readonly recoveryCodes: Map<number, ReadonlySet<string>>;
  readonly sessions: Map<string, StoredSession>;
  readonly events: AuditEvent[];
  readonly mails: QueuedMail[];
  readonly oneTimeTokens: Map<string, StoredToken>;
  /** By subject and network. */
  readonly guesses: Map<string, GuessCount>;
  /** The time of the last sign-in by account and network. */
  readonly knownNetworks: Map<string, number>;
  /** By hash. Nothing here expires: the port is not told the time. */
  readonly refreshTokens: Map<string, IssuedRefreshToken>;
  readonly settings: Map<SettingKey, string>;
  readonly entities: Map<number, Entity>;
  /** By account and key. */
  readonly idempotencyKeys: Map<string, StoredIdempotencyKey>;
  readonly games: Map<number, StoredGame>;
  /** An id that nothing else has or had. */
  nextId(): number;
}

export function newState(): State {
  let lastId = 0;
  return {
    accounts: new Map(),
    emailChanges: new Map(),
    passwords: new Map(),
    totps: new Map(),
    recoveryCodes: new Map(),
    sessions: new Map(),
    events: [],
    mails: [],
    oneTimeTokens: new Map(),
    guesses: new Map(),
    knownNetworks: new Map(),
    refreshTokens: new Map(),
    settings: new Map(),
    entities: new Map(),
    idempotencyKeys: new Map(),
    games: new Map(),
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
