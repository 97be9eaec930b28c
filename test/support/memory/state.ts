// What the in-memory adapters share: the rows and keys that D1 and KV would hold, as the domain sees them.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditEvent } from '../../../src/domain/audit/trail.ts';
import type { ClientInfo } from '../../../src/domain/audit-context.ts';
import type { Entity, Idempotency } from '../../../src/domain/entities/entity.ts';
import type { NewGame } from '../../../src/domain/games/game.ts';
import type { IssuedRefreshToken } from '../../../src/domain/sessions/refresh-token.ts';
import type { NewSession } from '../../../src/domain/sessions/session.ts';
import type { SettingKey } from '../../../src/domain/settings/settings.ts';

export interface StoredSession extends NewSession, ClientInfo {
  readonly accountId: number;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly revokedAt: number | null;
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

export interface StoredIdempotencyKey extends Idempotency {
  readonly accountId: number;
  readonly entityId: number;
  readonly createdAt: number;
}

export interface State {
  readonly accounts: Map<number, Account>;
  /** The password hash of each account that has a password. */
  readonly passwords: Map<number, string>;
  readonly sessions: Map<string, StoredSession>;
  readonly events: AuditEvent[];
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
  readonly games: Map<number, NewGame>;
  /** An id that nothing else has or had. */
  nextId(): number;
}

export function newState(): State {
  let lastId = 0;
  return {
    accounts: new Map(),
    passwords: new Map(),
    sessions: new Map(),
    events: [],
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
