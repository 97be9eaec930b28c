// Refresh tokens in KV, under their SHA-256, until they expire: one key a token, written once.
import type { IssuedRefreshToken, RefreshTokens } from '../../domain/sessions/refresh-token.ts';
import type { Defer } from '../d1/database.ts';

/** KV keeps nothing for less; the session's own `expires_at` ends a shorter lifetime to the second. */
const SHORTEST_TTL_SECONDS = 60;

interface StoredToken {
  readonly session_id: string;
  readonly user_id: number;
  readonly issued_at: number;
}

/** `defer` is given the writes, `waiting` each read that is waited for. */
export const refreshTokensIn = (
  kv: KVNamespace,
  defer: Defer,
  waiting: <T>(read: Promise<T>) => Promise<T>,
): RefreshTokens => ({
  remember(tokenHash, token, lifetimeSeconds) {
    const expirationTtl = Math.max(SHORTEST_TTL_SECONDS, lifetimeSeconds);
    defer(() => kv.put(tokenHash, JSON.stringify(stored(token)), { expirationTtl }));
  },

  async find(tokenHash) {
    const value = await waiting(kv.get<StoredToken>(tokenHash, 'json'));
    return value ? { sessionId: value.session_id, accountId: value.user_id, issuedAt: value.issued_at } : undefined;
  },
});

const stored = ({ sessionId, accountId, issuedAt }: IssuedRefreshToken): StoredToken => ({
  session_id: sessionId,
  user_id: accountId,
  issued_at: issuedAt,
});
