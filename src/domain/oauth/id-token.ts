// ID tokens (OpenID Connect Core §2): who signed in, when and how, for one client. None is a bearer token: `typ`
// differs.
import { errors, jwtVerify, SignJWT } from 'jose';
import type { AuthenticatedSession } from '../sessions/session.ts';
import type { Issuer } from '../tokens/jwt.ts';
import type { Client } from './client.ts';

const LIFETIME_SECONDS = 10 * 60;

/** The ID token of a session for its client. `nonce` is the authorization request's; a refresh has none. */
export function signIdToken(
  { name, keys }: Issuer,
  client: Client,
  { accountId, sessionId, authentication }: AuthenticatedSession,
  nonce: string | null,
  now: number,
): Promise<string> {
  const isRsa = client.idTokenAlgorithm === 'RS256' && keys.rsa !== undefined;
  const { kid, key } = isRsa ? keys.rsa : keys.signing;
  const { methods, at } = authentication;
  const claims = {
    sid: sessionId,
    auth_time: Math.floor(at / 1000),
    amr: methods,
    acr: methods.includes('mfa') ? 'aal2' : 'aal1',
    ...(nonce === null ? {} : { nonce }),
  };
  return new SignJWT(claims)
    .setProtectedHeader({ alg: isRsa ? 'RS256' : 'ES256', typ: 'JWT', kid })
    .setIssuer(name)
    .setAudience(client.id)
    .setSubject(String(accountId))
    .setIssuedAt(Math.floor(now / 1000))
    .setExpirationTime(Math.floor(now / 1000) + LIFETIME_SECONDS)
    .sign(key);
}

/** The account, client and session of an ID token that a client sent back. */
export interface IdTokenHint {
  readonly accountId: number;
  readonly clientId: string;
  readonly sessionId: string;
}

/**
 * Verifies an ID token of ours, even an expired one, as a hint (RP-Initiated Logout §2). Undefined for any other text.
 */
export async function readHint({ name, keys }: Issuer, token: string): Promise<IdTokenHint | undefined> {
  try {
    const { payload } = await jwtVerify(token, ({ kid = '', alg }) => keyFor(keys, kid, alg), {
      algorithms: ['ES256', 'RS256'],
      typ: 'JWT',
      issuer: name,
      requiredClaims: ['sub', 'aud', 'sid'],
      // The epoch, so that no token counts as expired.
      currentDate: new Date(0),
    });
    const { sub, aud, sid } = payload;
    if (typeof aud !== 'string' || typeof sid !== 'string' || !/^[1-9]\d{0,15}$/.test(sub ?? '')) return undefined;
    return { accountId: Number(sub), clientId: aud, sessionId: sid };
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
    throw error;
  }
}

/** The key that an ID token names, for its algorithm alone. */
function keyFor({ verifying, verifyingIdTokens }: Issuer['keys'], kid: string, alg: string | undefined): CryptoKey {
  const key = (alg === 'RS256' ? verifyingIdTokens : verifying).get(kid);
  if (!key) throw new errors.JWKSNoMatchingKey();
  return key;
}
