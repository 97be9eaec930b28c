// The service's keys: signing keys from the secret JWT_KEYS, all others from the secret SECRET_KEYS.
import { importJWK, type JWK } from 'jose';
import { RSA_ALGORITHM, SIGNATURE_ALGORITHM } from './algorithms.ts';
import { type DerivedKeys, deriveKeys } from './derived-keys.ts';
import { type AtLeastOne, parseKeySet } from './key-set.ts';

interface SigningKey {
  readonly kid: string;
  readonly key: CryptoKey;
}

export interface Keys {
  /** The first EC key of the set signs; all of them verify. */
  readonly signing: SigningKey;
  /** The first RSA key signs ID tokens of clients that ask for RS256, and nothing else. */
  readonly rsa: SigningKey | undefined;
  /** The RSA keys, for hints that were signed by them. */
  readonly verifyingIdTokens: ReadonlyMap<string, CryptoKey>;
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  /** The public halves, as `/.well-known/jwks.json` shows them. */
  readonly published: readonly PublicJwk[];
  readonly derived: DerivedKeys;
}

interface PublicEcJwk extends JWK {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

interface PublicRsaJwk extends JWK {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly alg: 'RS256';
  readonly use: 'sig';
}

export type PublicJwk = PublicEcJwk | PublicRsaJwk;

interface EcJwk extends JWK {
  readonly kty: 'EC';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly d: string;
}

interface RsaJwk extends JWK {
  readonly kty: 'RSA';
  readonly n: string;
  readonly e: string;
  readonly kid: string;
  readonly d: string;
}

/** Imports the secrets. Throws where one of them is not a JWK set of its kind; the message never quotes it. */
export async function importKeys(jwtKeys: string, secretKeys: string): Promise<Keys> {
  const set: AtLeastOne<EcJwk | RsaJwk> = parseKeySet('JWT_KEYS', jwtKeys, isPrivate);
  const ec = set.filter(isEc);
  const rsa = set.filter(isRsa);
  const [signing] = ec;
  if (!signing) throw new Error('JWT_KEYS holds no EC key');
  const [idTokens] = rsa;
  return {
    signing: await signingKey(signing),
    rsa: idTokens && (await signingKey(idTokens)),
    verifying: await verifyingKeys(ec),
    verifyingIdTokens: await verifyingKeys(rsa),
    published: set.map(toPublic),
    // Version 1 derived its MAC keys from the signing keys.
    derived: deriveKeys(
      secretKeys,
      ec.map(({ d }) => d),
    ),
  };
}

/** A smaller RSA key is refused (RFC 7518 §3.3). */
const MIN_MODULUS_CHARACTERS = 342;

const isEc = (jwk: JWK): jwk is EcJwk =>
  jwk.kty === 'EC' && jwk.crv === 'P-256' && Boolean(jwk.x && jwk.y && jwk.kid && jwk.d);

const isRsa = (jwk: JWK): jwk is RsaJwk =>
  jwk.kty === 'RSA' && Boolean(jwk.e && jwk.kid && jwk.d) && (jwk.n?.length ?? 0) >= MIN_MODULUS_CHARACTERS;

const isPrivate = (jwk: JWK): jwk is EcJwk | RsaJwk => isEc(jwk) || isRsa(jwk);

const toPublic = (jwk: EcJwk | RsaJwk): PublicJwk =>
  jwk.kty === 'EC'
    ? { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y, kid: jwk.kid, alg: SIGNATURE_ALGORITHM, use: 'sig' }
    : { kty: 'RSA', n: jwk.n, e: jwk.e, kid: jwk.kid, alg: RSA_ALGORITHM, use: 'sig' };

const signingKey = async (jwk: EcJwk | RsaJwk): Promise<SigningKey> => ({
  kid: jwk.kid,
  key: await importSigningKey(jwk),
});

async function verifyingKeys(set: readonly (EcJwk | RsaJwk)[]): Promise<ReadonlyMap<string, CryptoKey>> {
  return new Map(await Promise.all(set.map(async (jwk) => [jwk.kid, await importSigningKey(toPublic(jwk))] as const)));
}

async function importSigningKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, jwk.kty === 'RSA' ? RSA_ALGORITHM : SIGNATURE_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('JWT_KEYS holds a symmetric key');
  return key;
}
