// Access and session tokens are JWTs as RFC 9068 profiles them; verifying one needs no storage.
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { type Refusal, refuse } from '../refusal.ts';
import type { Authentication } from '../sessions/authentication.ts';
import { type Keys, SIGNATURE_ALGORITHM } from './keys.ts';

/** Bearer tokens travel in an Authorization header, the admin pages' in a cookie; neither is accepted as the other. */
export type BearerUse = 'access' | 'session';
export type TokenUse = BearerUse | 'cookie';

/** The claims that identify a token's account and session. */
export interface TokenClaims<U extends TokenUse = BearerUse> {
  readonly accountId: number;
  readonly sessionId: string;
  readonly use: U;
}

/** The issuer of tokens: its name is their `iss` and `aud`. */
export interface Issuer {
  readonly name: string;
  readonly keys: Keys;
}

/** The cookie has a `typ` of its own, so a service that verifies tokens by RFC 9068 refuses it as well. */
const TYPES: Readonly<Record<TokenUse, string>> = { access: 'at+jwt', session: 'at+jwt', cookie: 'cookie+jwt' };
/** The `client_id` of every token: the service itself, since it has no other clients (RFC 9068 §2.2). */
const CLIENT_ID = 'latchkey';
const REQUIRED_CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'sid', 'iat', 'exp', 'jti', 'token_use'];

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

interface NewClaims extends TokenClaims<TokenUse> {
  /** What the token says of its session's credentials. It only tells: what must know asks the session. */
  readonly authentication?: Authentication;
}

/** `amr` and `auth_time` (RFC 9068 §2.2.1); neither where no credentials were proven. */
const authenticationClaims = ({ methods, at }: Authentication) =>
  at === 0 ? {} : { amr: methods, auth_time: toSeconds(at) };

/** Signs a token that lives `lifetimeSeconds` from `now` (milliseconds). */
export function signToken(issuer: Issuer, claims: NewClaims, lifetimeSeconds: number, now: number): Promise<string> {
  const { kid, key } = issuer.keys.signing;
  const authentication = claims.authentication ? authenticationClaims(claims.authentication) : {};
  return new SignJWT({ client_id: CLIENT_ID, sid: claims.sessionId, token_use: claims.use, ...authentication })
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ: TYPES[claims.use], kid })
    .setIssuer(issuer.name)
    .setAudience(issuer.name)
    .setSubject(String(claims.accountId))
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(now) + lifetimeSeconds)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/** Verifies a bearer token and returns its claims. */
export const verifyToken = (issuer: Issuer, token: string, now: number) =>
  verifyAs(issuer, token, ['access', 'session'], now);

/** Verifies the admin pages' cookie and returns its claims. */
export const verifyCookie = (issuer: Issuer, token: string, now: number) => verifyAs(issuer, token, ['cookie'], now);

/** Verifies as RFC 8725 §3 asks: algorithm, `typ`, key, `iss`, `aud`, `exp` without leeway, and one of these uses. */
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
