// The verified-token cache: an isolate verifies a token's signature once and stores its claims until the token expires.
import { setWithLimit } from '../map-with-limit.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type BearerClaims, type Issuer, verifyToken } from './jwt.ts';
import type { Keys } from './keys.ts';

interface VerifiedToken {
  readonly issuer: string;
  readonly claims: BearerClaims;
}

/** At well under 1 KiB a token, the cache is a small part of an isolate's 128 MiB. */
export const MAX_CACHED_TOKENS = 1000;

// One cache for each key set: a changed key set starts an empty one. Only verified tokens are cached, so nobody can
// fill the cache with garbage; and the key is the whole token, signature included, so no other token can match it.
const caches = new WeakMap<Keys, Map<string, VerifiedToken>>();

/** As `verifyToken`, cached. The session may have been revoked since; callers that must know check D1. */
export async function verifyCached(
  issuer: Issuer,
  token: string,
  now: number,
): Promise<BearerClaims | Refusal<'token_invalid' | 'token_expired'>> {
  const cache = cacheOf(issuer.keys);
  const cached = cache.get(token);
  if (cached?.issuer === issuer.name && Math.floor(now / 1000) < cached.claims.exp) return cached.claims;
  cache.delete(token);
  const claims = await verifyToken(issuer, token, now);
  if (!isRefusal(claims)) setWithLimit(cache, token, { issuer: issuer.name, claims }, MAX_CACHED_TOKENS);
  return claims;
}

function cacheOf(keys: Keys): Map<string, VerifiedToken> {
  const cache = caches.get(keys) ?? new Map<string, VerifiedToken>();
  caches.set(keys, cache);
  return cache;
}
