// The claims of a verified token: its account and session, and the client that it was given to.
import type { JWTPayload } from 'jose';
import { type Scope, scopesIn } from '../oauth/scopes.ts';

/** Bearer tokens travel in an Authorization header, the admin pages' in a cookie; neither is accepted as the other. */
export type BearerUse = 'access' | 'session';
export type TokenUse = BearerUse | 'cookie';

/** The claims that identify a token's account and session. */
export interface TokenClaims<U extends TokenUse = BearerUse> {
  readonly accountId: number;
  readonly sessionId: string;
  readonly use: U;
  /** The client that the token was given to; absent for the four APIs' own logins. */
  readonly client?: TokenClient;
  /** The `amr` of the token: its session had proven two factors when it was signed. */
  readonly twoFactors?: true;
}

/** A client and the scopes of its token. A token is a client's even if it has no `scope` (RFC 9068 §2.2.3). */
export interface TokenClient {
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** The claims of a token that a client was given for itself: it stands for no account (RFC 6749 §4.4). */
export interface ClientClaims {
  readonly use: 'client';
  readonly client: TokenClient;
}

/** The `client_id` of the four APIs' own tokens: the service itself (RFC 9068 §2.2). */
export const OWN_CLIENT_ID = 'latchkey';

/** An account's id is digits and nothing else: the UUID of a client must never be read as one. */
const ACCOUNT_ID = /^[1-9]\d{0,15}$/;

/** The claims of a token that stands for an account, of one of these uses. */
export function claimsOf<U extends TokenUse>(payload: JWTPayload, uses: readonly U[]): TokenClaims<U> | undefined {
  const { sub = '', sid, token_use: claimed } = payload;
  const accountId = Number(sub);
  const use = uses.find((known) => known === claimed);
  if (!ACCOUNT_ID.test(sub) || !Number.isSafeInteger(accountId) || typeof sid !== 'string' || !use) return undefined;
  const client = clientOf(payload);
  const twoFactors = Array.isArray(payload.amr) && payload.amr.includes('mfa');
  return { accountId, sessionId: sid, use, ...(client ? { client } : {}), ...(twoFactors ? { twoFactors } : {}) };
}

export function clientClaimsOf(payload: JWTPayload): ClientClaims | undefined {
  const client = clientOf(payload);
  if (!client || payload.sub !== client.id || payload.token_use !== 'access') return undefined;
  return { use: 'client', client };
}

function clientOf({ client_id: id, scope }: JWTPayload): TokenClient | undefined {
  if (id === OWN_CLIENT_ID) return undefined;
  return { id: String(id), scopes: typeof scope === 'string' ? scopesIn(scope) : [] };
}
