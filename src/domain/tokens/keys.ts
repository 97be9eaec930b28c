// The service's keys: signing keys from the secret JWT_KEYS, keys for MACs from the secret SECRET_KEYS.
import { importJWK, type JWK } from 'jose';
import { type DerivedKeys, deriveKeys } from './derived-keys.ts';
import { type AtLeastOne, parseKeySet } from './key-set.ts';

export const SIGNATURE_ALGORITHM = 'ES256';

export interface Keys {
  /** The first key of the set signs; all of them verify. */
  readonly signing: { readonly kid: string; readonly key: CryptoKey };
  readonly verifying: ReadonlyMap<string, CryptoKey>;
  /** The public halves, as `/.well-known/jwks.json` shows them. */
  readonly published: readonly PublicJwk[];
  readonly derived: DerivedKeys;
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

/** Imports the secrets. Throws where one of them is not a JWK set of its kind; the message never quotes it. */
export async function importKeys(jwtKeys: string, secretKeys: string): Promise<Keys> {
  const set: AtLeastOne<PrivateJwk> = parseKeySet('JWT_KEYS', jwtKeys, isPrivate);
  const published = set.map(toPublic);
  const verifying = await Promise.all(published.map(async (jwk) => [jwk.kid, await importSigningKey(jwk)] as const));
  return {
    signing: { kid: set[0].kid, key: await importSigningKey(set[0]) },
    verifying: new Map(verifying),
    published,
    // Version 1 derived its MAC keys from the signing keys.
    derived: deriveKeys(
      secretKeys,
      set.map(({ d }) => d),
    ),
  };
}

const isPrivate = (jwk: JWK): jwk is PrivateJwk =>
  jwk.kty === 'EC' && jwk.crv === 'P-256' && Boolean(jwk.x && jwk.y && jwk.kid && jwk.d);

const toPublic = ({ x, y, kid }: PrivateJwk): PublicJwk => ({
  kty: 'EC',
  crv: 'P-256',
  x,
  y,
  kid,
  alg: SIGNATURE_ALGORITHM,
  use: 'sig',
});

async function importSigningKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, SIGNATURE_ALGORITHM);
  if (key instanceof Uint8Array) throw new Error('JWT_KEYS holds a symmetric key');
  return key;
}
