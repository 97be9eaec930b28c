// Issued refresh tokens in KV: one key for each, its SHA-256, written once, which expires with the token.
import type { IssuedRefreshToken, RefreshTokens } from '../../domain/sessions/refresh-token.ts';
import type { Defer } from '../d1/database.ts';

/** KV's minimum. The session's own `expires_at` ends a shorter lifetime to the second. */
const MIN_TTL_SECONDS = 60;

interface StoredToken {
  readonly session_id: string;
  readonly user_id: number;
  readonly issued_at: number;
}

/** Defers the writes; `timed` is given each read. */
export const refreshTokensIn = (
  kv: KVNamespace,
  defer: Defer,
  timed: <T>(read: Promise<T>) => Promise<T>,
): RefreshTokens => ({
  remember(tokenHash, token, lifetimeSeconds) {
    const expirationTtl = Math.max(MIN_TTL_SECONDS, lifetimeSeconds);
    defer(() => kv.put(tokenHash, JSON.stringify(stored(token)), { expirationTtl }));
  },

  async lookUp(tokenHash) {
    const value = await timed(kv.get<StoredToken>(tokenHash, 'json'));
    return value ? { sessionId: value.session_id, accountId: value.user_id, issuedAt: value.issued_at } : undefined;
  },
});

const stored = ({ sessionId, accountId, issuedAt }: IssuedRefreshToken): StoredToken => ({
  session_id: sessionId,
  user_id: accountId,
  issued_at: issuedAt,
});
