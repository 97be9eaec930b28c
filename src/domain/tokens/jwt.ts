// Access and session tokens are JWTs as RFC 9068 profiles them; verifying one needs no storage.
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { formatScopes } from '../oauth/scopes.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Authentication } from '../sessions/authentication.ts';
import { SIGNATURE_ALGORITHM } from './algorithms.ts';
import {
  type ClientClaims,
  claimsOf,
  clientClaimsOf,
  OWN_CLIENT_ID,
  type TokenClaims,
  type TokenClient,
  type TokenUse,
} from './claims.ts';
import type { Keys } from './keys.ts';

/** The issuer of tokens: its name is their `iss` and `aud`. */
export interface Issuer {
  readonly name: string;
  readonly keys: Keys;
}

/** The cookie has a `typ` of its own, so a service that verifies tokens by RFC 9068 refuses it as well. */
const TYPES: Readonly<Record<TokenUse, string>> = { access: 'at+jwt', session: 'at+jwt', cookie: 'cookie+jwt' };
const REQUIRED_CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'iat', 'exp', 'jti', 'token_use'];

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

interface NewClaims extends TokenClaims<TokenUse> {
  /** The credentials of the token's session when it was signed. A decision about them asks the session. */
  readonly authentication?: Authentication;
}

/** `amr` and `auth_time` (RFC 9068 §2.2.1); neither where no credentials were proven. */
const authenticationClaims = ({ methods, at }: Authentication) =>
  at === 0 ? {} : { amr: methods, auth_time: toSeconds(at) };

/** Signs a token that lives `lifetimeSeconds` from `now` (milliseconds). */
export function signToken(
  issuer: Issuer,
  { accountId, sessionId, use, client, authentication }: NewClaims,
  lifetimeSeconds: number,
  now: number,
): Promise<string> {
  const proven = authentication ? authenticationClaims(authentication) : {};
  const claims = { ...clientClaims(client), sid: sessionId, token_use: use, ...proven };
  return sign(issuer, claims, String(accountId), TYPES[use], lifetimeSeconds, now);
}

/** Signs an access token of a client for itself: its subject is the client. */
export function signClientToken(
  issuer: Issuer,
  client: TokenClient,
  lifetimeSeconds: number,
  now: number,
): Promise<string> {
  const claims = { ...clientClaims(client), token_use: 'access' };
  return sign(issuer, claims, client.id, TYPES.access, lifetimeSeconds, now);
}

const clientClaims = (client: TokenClient | undefined) =>
  client ? { client_id: client.id, scope: formatScopes(client.scopes) } : { client_id: OWN_CLIENT_ID };

function sign(
  issuer: Issuer,
  claims: JWTPayload,
  subject: string,
  typ: string,
  lifetimeSeconds: number,
  now: number,
): Promise<string> {
  const { kid, key } = issuer.keys.signing;
  return new SignJWT(claims)
    .setProtectedHeader({ alg: SIGNATURE_ALGORITHM, typ, kid })
    .setIssuer(issuer.name)
    .setAudience(issuer.name)
    .setSubject(subject)
    .setIssuedAt(toSeconds(now))
    .setExpirationTime(toSeconds(now) + lifetimeSeconds)
    .setJti(crypto.randomUUID())
    .sign(key);
}

/** The claims of a verified bearer token. `exp` is in seconds since the epoch. */
export type BearerClaims = (TokenClaims | ClientClaims) & { readonly exp: number };

/** Verifies a bearer token and returns its claims. */
export async function verifyToken(
  issuer: Issuer,
  token: string,
  now: number,
): Promise<BearerClaims | Refusal<'token_invalid' | 'token_expired'>> {
  const payload = await verifyAs(issuer, token, TYPES.access, now);
  if (isRefusal(payload)) return payload;
  const claims = claimsOf(payload, ['access', 'session']) ?? clientClaimsOf(payload);
  return claims ? { ...claims, exp: payload.exp ?? 0 } : refuse('token_invalid');
}

/** Verifies the pages' cookie and returns its claims. */
export async function verifyCookie(
  issuer: Issuer,
  token: string,
  now: number,
): Promise<TokenClaims<'cookie'> | Refusal<'token_invalid' | 'token_expired'>> {
  const payload = await verifyAs(issuer, token, TYPES.cookie, now);
  if (isRefusal(payload)) return payload;
  return claimsOf(payload, ['cookie']) ?? refuse('token_invalid');
}

/** Verifies as RFC 8725 §3 asks: algorithm, `typ`, key, `iss`, `aud`, and `exp` without leeway. */
async function verifyAs(
  issuer: Issuer,
  token: string,
  typ: string,
  now: number,
): Promise<JWTPayload | Refusal<'token_invalid' | 'token_expired'>> {
  try {
    const { payload } = await jwtVerify(token, ({ kid }) => keyOf(issuer.keys, kid), {
      algorithms: [SIGNATURE_ALGORITHM],
      typ,
      issuer: issuer.name,
      audience: issuer.name,
      requiredClaims: REQUIRED_CLAIMS,
      currentDate: new Date(now),
    });
    return payload;
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
