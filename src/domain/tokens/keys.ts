// Signing keys come from one secret, a JWK set: the first key signs, all of them verify.
import { importJWK, type JWK } from 'jose';

export const SIGNATURE_ALGORITHM = 'ES256';

/** What a MAC is made for. A MAC for one purpose is never valid for another. */
export type MacPurpose = 'refresh successor' | 'admin form' | 'list cursor';

export interface Keys {
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  /** The public halves, as `/.well-known/jwks.json` shows them. */
  readonly published: readonly PublicJwk[];
  /** The HMAC keys of a purpose, the current one first; derived when a purpose is first used. */
  mac(purpose: MacPurpose): Promise<readonly [CryptoKey, ...CryptoKey[]]>;
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

type AtLeastOne<T> = readonly [T, ...T[]];

/** Imports the `JWT_KEYS` secret. Throws where it is not a set of ES256 private keys with a `kid` each. */
export async function importKeys(jwks: string): Promise<Keys> {
  const set = parseSet(jwks);
  const published = set.map(toPublic);
  const verifying = await Promise.all(published.map(async (jwk) => [jwk.kid, await importSigningKey(jwk)] as const));
  return {
    signing: { kid: set[0].kid, key: await importSigningKey(set[0]) },
    verifying: new Map(verifying),
    published,
    mac: macKeys(set),
  };
}

const toPublic = ({ x, y, kid }: PrivateJwk): PublicJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x,
  y,
  kid,
  alg: SIGNATURE_ALGORITHM,
  use: 'sig',
});

function parseSet(jwks: string): AtLeastOne<PrivateJwk> {
  try {
    const [first, ...rest] = (JSON.parse(jwks) as { keys: JWK[] }).keys;
    if (first && isPrivate(first) && rest.every(isPrivate)) return [first, ...rest];
  } catch {
    // The parser's message quotes its input, which is the secret itself.
  }
  throw new Error('JWT_KEYS is not a JWK set of ES256 private keys with a kid each');
}

const isPrivate = (jwk: JWK): jwk is PrivateJwk =>
  jwk.kty === 'EC' && jwk.crv === 'P-256' && Boolean(jwk.x && jwk.y && jwk.kid && jwk.d);

async function importSigningKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNATURE_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('JWT_KEYS holds a symmetric key');
  return key;
}

/** Derives the keys of a purpose once. Kept as values: a request must not await a promise of another request. */
function macKeys([first, ...rest]: AtLeastOne<PrivateJwk>): Keys['mac'] {
  const derived = new Map<MacPurpose, AtLeastOne<CryptoKey>>();
  return async (purpose) => {
    const known = derived.get(purpose);
    if (known) return known;
    const [current, ...older] = await Promise.all([first, ...rest].map(({ d }) => deriveMacKey(d, purpose)));
    if (!current) throw new Error('a key set without keys');
    const keys = [current, ...older] as const;
    derived.set(purpose, keys);
    return keys;
  };
}

/** HKDF (RFC 5869) from the private scalar: one secret is enough for every purpose. */
async function deriveMacKey(d: string, purpose: MacPurpose): Promise<CryptoKey> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(d), 'HKDF', false, ['deriveKey']);
  const info = encoder.encode(`latchkey ${purpose}`);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  const algorithm = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey(derivation, secret, algorithm, false, ['sign', 'verify']);
}
