// Access and session tokens are JWTs in the shape of RFC 9068; checking one needs no storage.
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Keys, SIGNATURE_ALGORITHM } from './key.ts';
import { type Refusal, refuse } from './refusal.ts';

export type TokenUse = 'access' | 'session';

/** What a token says of its holder. */
export interface TokenClaims {
  readonly accountId: number;
  readonly sessionId: string;
  readonly use: TokenUse;
}

/** Who signs: the `iss`, which is the `aud` as well, and its keys. */
export interface Issuer {
  readonly name: string;
  readonly keys: Keys;
}

const TYPE = 'at+jwt';
/** The one client Latchkey issues tokens to: whoever holds the password (RFC 9068 §2.2 requires the claim). */
const CLIENT_ID = 'latchkey';
const REQUIRED_CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'sid', 'iat', 'exp', 'jti', 'token_use'];

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** Signs a token that lives `lifetimeSeconds` from `now` (milliseconds). */
export function signToken(issuer: Issuer, claims: TokenClaims, lifetimeSeconds: number, now: number): Promise<string> {
  const { kid, key } = issuer.keys.signing;
  return new SignJWT({ client_id: CLIENT_ID, sid: claims.sessionId, token_use: claims.use })
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ: TYPE, kid })
    .setIssuer(issuer.name)
    .setAudience(issuer.name)
    .setSubject(String(claims.accountId))
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(now) + lifetimeSeconds)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/** What a token claims, once all of RFC 8725 §3 holds: our algorithm, `typ`, key, `iss`, `aud`, no leeway on `exp`, a known use. */
export async function verifyToken(
  issuer: Issuer,
  token: string,
  now: number,
): Promise<TokenClaims | Refusal<'token_invalid' | 'token_expired'>> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(issuer.keys, kid), {
      algorithms: [SIGNATURE_ALGORITHM],
      typ: TYPE,
      issuer: issuer.name,
      audience: issuer.name,
      requiredClaims: REQUIRED_CLAIMS,
      currentDate: new Date(now),
    });
    return claimsOf(payload) ?? refuse('token_invalid');
  } catch (error) {
    if (error instanceof errors.JWTExpired) return refuse('token_expired');
    if (error instanceof errors.JOSEError || error instanceof TypeError) return refuse('token_invalid');
    throw error;
  }
}

function keyOf(keys: Keys, kid: string | undefined): CryptoKey {
  const key = keys.verifying.get(kid ?? '');
  if (!key) throw new errors.JWKSNoMatchingKey();
  return key;
}

function claimsOf({ sub, sid, token_use: use }: JWTPayload): TokenClaims | undefined {
  const accountId = Number(sub);
  if (!Number.isSafeInteger(accountId) || typeof sid !== 'string') return undefined;
  return use === 'access' || use === 'session' ? { accountId, sessionId: sid, use } : undefined;
}
