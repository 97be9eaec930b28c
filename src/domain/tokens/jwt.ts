// Access and session tokens are JWTs as RFC 9068 profiles them; verifying one needs no storage.
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { formatScopes, type Scope, scopesIn } from '../oauth/scopes.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
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
  /** The client that the token was given to; absent for the four APIs' own logins. */
  readonly client?: TokenClient;
}

/** A client and what its token may do: never judged by the absence of `scope`, but by the client (RFC 9068 §2.2.3). */
export interface TokenClient {
  readonly id: string;
  readonly scopes: readonly Scope[];
}

/** The claims of a token that a client was given for itself: it stands for no account (RFC 6749 §4.4). */
export interface ClientClaims {
  readonly use: 'client';
  readonly client: TokenClient;
}

/** The issuer of tokens: its name is their `iss` and `aud`. */
export interface Issuer {
  readonly name: string;
  readonly keys: Keys;
}

/** The cookie has a `typ` of its own, so a service that verifies tokens by RFC 9068 refuses it as well. */
const TYPES: Readonly<Record<TokenUse, string>> = { access: 'at+jwt', session: 'at+jwt', cookie: 'cookie+jwt' };
/** The `client_id` of the four APIs' own tokens: the service itself (RFC 9068 §2.2). */
const OWN_CLIENT_ID = 'latchkey';
const REQUIRED_CLAIMS = ['iss', 'aud', 'client_id', 'sub', 'iat', 'exp', 'jti', 'token_use'];

const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

interface NewClaims extends TokenClaims<TokenUse> {
  /** What the token says of its session's credentials. It only tells: what must know asks the session. */
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

/** An account's id is digits and nothing else: the UUID of a client must never be read as one. */
const ACCOUNT_ID = /^[1-9]\d{0,15}$/;

/** The claims of a token that stands for an account, of one of these uses. */
function claimsOf<U extends TokenUse>(payload: JWTPayload, uses: readonly U[]): TokenClaims<U> | undefined {
  const { sub = '', sid, token_use: claimed } = payload;
  const accountId = Number(sub);
  const use = uses.find((known) => known === claimed);
  if (!ACCOUNT_ID.test(sub) || !Number.isSafeInteger(accountId) || typeof sid !== 'string' || !use) return undefined;
  const client = clientOf(payload);
  return { accountId, sessionId: sid, use, ...(client ? { client } : {}) };
}

function clientClaimsOf(payload: JWTPayload): ClientClaims | undefined {
  const client = clientOf(payload);
  if (!client || payload.sub !== client.id || payload.token_use !== 'access') return undefined;
  return { use: 'client', client };
}

function clientOf({ client_id: id, scope }: JWTPayload): TokenClient | undefined {
  if (id === OWN_CLIENT_ID) return undefined;
  return { id: String(id), scopes: typeof scope === 'string' ? scopesIn(scope) : [] };
}
