// A token that held a moment ago holds still: what it claimed is kept in the isolate until it expires, and its signature is not checked again.
import { decodeJwt } from 'jose';
import { setBounded } from '../limited-map.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { type Issuer, type TokenClaims, verifyToken } from './jwt.ts';
import type { Keys } from './keys.ts';

interface KnownToken {
  readonly issuer: string;
  readonly claims: TokenClaims;
  /** Seconds since the epoch. */
  readonly exp: number;
}

/** The oldest goes when one more comes: at well under 1 KiB each this is a small part of an isolate's 128 MiB. */
export const MAX_KNOWN = 1000;

// Tokens are known under the keys that verified them, so keys that change forget them all. Only tokens that hold get in: nobody can fill it
// with garbage, and as the whole token is the name, its signature too, no other token is ever taken for one that is known.
const known = new WeakMap<Keys, Map<string, KnownToken>>();

/** As `verifyToken`, but checks the signature of a token once. Its session may have ended since, as with any token: who cares looks. */
export async function recognise(
  issuer: Issuer,
  token: string,
  now: number,
): Promise<TokenClaims | Refusal<'token_invalid' | 'token_expired'>> {
  const tokens = tokensOf(issuer.keys);
  const found = tokens.get(token);
  if (found?.issuer === issuer.name && Math.floor(now / 1000) < found.exp) return found.claims;
  tokens.delete(token);
  const claims = await verifyToken(issuer, token, now);
  if (!isRefusal(claims))
    setBounded(tokens, token, { issuer: issuer.name, claims, exp: decodeJwt(token).exp ?? 0 }, MAX_KNOWN);
  return claims;
}

function tokensOf(keys: Keys): Map<string, KnownToken> {
  const tokens = known.get(keys) ?? new Map<string, KnownToken>();
  known.set(keys, tokens);
  return tokens;
}
