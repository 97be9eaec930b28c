// Access and session tokens are JWTs in the shape of RFC 9068; checking one needs no storage.
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Refusal, refuse } from '../refusal.ts';
import { type Keys, SIGNATURE_ALGORITHM } from './keys.ts';

/** A bearer token goes into an Authorization header, a cookie into the admin pages' own; neither is taken for the other. */
export type BearerUse = 'access' | 'session';
export type TokenUse = BearerUse | 'cookie';

/** What a token says of its holder. */
export interface TokenClaims<U extends TokenUse = BearerUse> {
  readonly accountId: number;
  readonly sessionId: string;
  readonly use: U;
}

/** Who signs: the `iss`, which is the `aud` as well, and its keys. */
export interface Issuer {
  readonly name: string;
  readonly keys: Keys;
}

/** A cookie is no access token, so services that verify ours by RFC 9068 alone refuse it too. */
const TYPES: Readonly<Record<TokenUse, string>> = { access: 'at+jwt', session: 'at+jwt', cookie: 'cookie+jwt' };
/** The one client Latchkey issues tokens to: whoever holds the password (RFC 9068 §2.2 requires the claim). */
const CLIENT_ID = 'latchkey';
const REQUIRED_CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'sid', 'iat', 'exp', 'jti', 'token_use'];

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** Signs a token that lives `lifetimeSeconds` from `now` (milliseconds). */
export function signToken(
  issuer: Issuer,
  claims: TokenClaims<TokenUse>,
  lifetimeSeconds: number,
  now: number,
): Promise<string> {
  const { kid, key } = issuer.keys.signing;
  return new SignJWT({ client_id: CLIENT_ID, sid: claims.sessionId, token_use: claims.use })
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ: TYPES[claims.use], kid })
    .setIssuer(issuer.name)
    .setAudience(issuer.name)
    .setSubject(String(claims.accountId))
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(now) + lifetimeSeconds)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/** What a bearer token claims. */
export const verifyToken = (issuer: Issuer, token: string, now: number) =>
  verifyAs(issuer, token, ['access', 'session'], now);

/** What the admin pages' cookie claims. */
export const verifyCookie = (issuer: Issuer, token: string, now: number) => verifyAs(issuer, token, ['cookie'], now);

/** What a token claims, once all of RFC 8725 §3 holds: our algorithm, `typ`, key, `iss`, `aud`, no leeway on `exp`, one of these uses. */
async function verifyAs<U extends TokenUse>(
  issuer: Issuer,
  token: string,
  uses: readonly [U, ...U[]],
  now: number,
): Promise<TokenClaims<U> | Refusal<'token_invalid' | 'token_expired'>> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(issuer.keys, kid), {
      algorithms: [SIGNATURE_ALGORITHM],
      typ: TYPES[uses[0]],
      issuer: issuer.name,
      audience: issuer.name,
      requiredClaims: REQUIRED_CLAIMS,
      currentDate: new Date(now),
    });
    return claimsOf(payload, uses) ?? refuse('token_invalid');
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

function claimsOf<U extends TokenUse>(
  { sub, sid, token_use: claimed }: JWTPayload,
  uses: readonly U[],
): TokenClaims<U> | undefined {
  const accountId = Number(sub);
  if (!Number.isSafeInteger(accountId) || typeof sid !== 'string') return undefined;
  const use = uses.find((known) => known === claimed);
  return use && { accountId, sessionId: sid, use };
}
