// Keys derived from the secret SECRET_KEYS, one for each purpose: a key for one purpose is useless for another.
import { base64url, type JWK } from 'jose';
import { type AtLeastOne, parseKeySet } from './key-set.ts';

/** What a MAC is made for. */
export type MacPurpose = 'refresh successor' | 'form' | 'list cursor' | 'one-time token';

export interface DerivedKeys {
  /** The HMAC keys of a purpose, the current one first; derived when the purpose is first used. */
  mac(purpose: MacPurpose): Promise<AtLeastOne<CryptoKey>>;
}

interface SecretJwk extends JWK {
  readonly kid: string;
  readonly k: string;
}

const MIN_SECRET_BYTES = 32;

const isSecret = (jwk: JWK): jwk is SecretJwk =>
  jwk.kty === 'oct' && Boolean(jwk.kid && jwk.k) && base64url.decode(jwk.k ?? '').byteLength >= MIN_SECRET_BYTES;

/**
 * `version1Secrets` are what version 1 derived from. They only recognise the refresh tokens that it issued: whoever
 * has them must not be able to make anything new.
 */
export function deriveKeys(secretKeys: string, version1Secrets: readonly string[]): DerivedKeys {
  const secrets = parseKeySet('SECRET_KEYS', secretKeys, isSecret).map(({ k }) => base64url.decode(k));
  const encoder = new TextEncoder();
  const older = version1Secrets.map((secret) => encoder.encode(secret));
  // Kept as values: a request must not await a promise of another request.
  const derived = new Map<MacPurpose, AtLeastOne<CryptoKey>>();
  return {
    async mac(purpose) {
      const known = derived.get(purpose);
      if (known) return known;
      const all = purpose === 'refresh successor' ? [...secrets, ...older] : secrets;
      const [current, ...others] = await Promise.all(all.map((secret) => deriveMacKey(secret, purpose)));
      if (!current) throw new Error('SECRET_KEYS holds no key');
      derived.set(purpose, [current, ...others]);
      return [current, ...others];
    },
  };
}

/** HKDF (RFC 5869): one secret is enough for every purpose. */
async function deriveMacKey(secret: Uint8Array, purpose: MacPurpose): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('raw', Uint8Array.from(secret), 'HKDF', false, ['deriveKey']);
  const info = new TextEncoder().encode(`latchkey ${purpose}`);
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
  const algorithm = { name: 'HMAC', hash: 'SHA-256', length: 256 };
  return crypto.subtle.deriveKey(derivation, key, algorithm, false, ['sign', 'verify']);
}
