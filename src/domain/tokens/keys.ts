// Signing keys come from one secret, a JWK set: the first key signs, all of them verify.
import { importJWK, type JWK } from 'jose';

export const SIGNATURE_ALGORITHM = 'ES256';

export interface Keys {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  /** What `/.well-known/jwks.json` shows: no private member. */
  readonly published: readonly PublicJwk[];
  /** One HMAC key for each signing key, in the same order: refresh successors are derived with them. */
  readonly successorKeys: readonly CryptoKey[];
  /** Likewise, for what the forms of the admin pages carry. */
  readonly formKeys: readonly CryptoKey[];
  /** Likewise, for the cursors of lists. */
  readonly cursorKeys: readonly CryptoKey[];
}

interface PublicJwk extends JWK {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: 'ES256';
  readonly use: 'sig';
}

interface PrivateJwk extends JWK {
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly d: string;
}

/** Imports the `JWT_KEYS` secret. Throws where it is not a set of ES256 private keys with `kid`s: that is an operator's mistake. */
export async function importKeys(jwks: string): Promise<Keys> {
  const set = parseSet(jwks);
  const [first] = set;
  if (!first) throw new Error('JWT_KEYS holds no key');
  const published = set.map(
    ({ x, y, kid }): PublicJwk => ({ kty: 'EC', crv: 'P-256', x, y, kid, alg: SIGNATURE_ALGORITHM, use: 'sig' }),
  );
  const imported = await Promise.all(published.map(importKey));
  return {
    signing: { kid: first.kid, key: await importKey(first) },
    verifying: new Map(set.map(({ kid }, index) => [kid, imported[index] as CryptoKey])), // same length by construction
    published,
    successorKeys: await Promise.all(set.map(({ d }) => hmacKey(d, 'latchkey refresh successor'))),
    formKeys: await Promise.all(set.map(({ d }) => hmacKey(d, 'latchkey admin form'))),
    cursorKeys: await Promise.all(set.map(({ d }) => hmacKey(d, 'latchkey list cursor'))),
  };
}

function parseSet(jwks: string): readonly PrivateJwk[] {
  const isSigningKey = (jwk: JWK): jwk is PrivateJwk =>
    jwk.kty === 'EC' && jwk.crv === 'P-256' && Boolean(jwk.x && jwk.y && jwk.kid && jwk.d);
  try {
    const { keys } = JSON.parse(jwks) as { keys: JWK[] };
    if (keys.every(isSigningKey)) return keys;
  } catch {
    // The parser's message quotes its input, and this input is the secret itself.
  }
  throw new Error('JWT_KEYS is not a JWK set of ES256 private keys with a kid each');
}

const importKey = async (jwk: JWK): Promise<CryptoKey> => {
  const key = await importJWK(jwk, SIGNATURE_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('JWT_KEYS holds a symmetric key');
  return key;
};

/** HKDF (RFC 5869) from the private scalar, so one secret is enough for every purpose. */
async function hmacKey(d: string, purpose: string): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(d), 'HKDF', false, ['deriveKey']);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info: encoder.encode(purpose) };
  return crypto.subtle.deriveKey(derivation, secret, { name: 'HMAC', hash: 'SHA-256', length: 256 }, false, [
    'sign',
    'verify',
  ]);
}
