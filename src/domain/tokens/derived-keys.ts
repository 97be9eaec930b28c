// Keys derived from the secret SECRET_KEYS, one for each purpose: a key for one purpose is useless for another.
import { base64url, type JWK } from 'jose';
import { type AtLeastOne, parseKeySet } from './key-set.ts';

/** The purpose of a MAC. */
export type MacPurpose =
  | 'refresh successor'
  | 'form'
  | 'list cursor'
  | 'one-time token'
  | 'passkey challenge'
  | 'pending sign-in'
  | 'recovery code';

/** The purpose of an encryption. */
export type EncryptionPurpose = 'totp secret';

export interface DerivedKey {
  /** The `kid` of the secret that it was derived from. */
  readonly id: string;
  readonly key: CryptoKey;
}

/** Keys of a purpose, the current one first; derived when the purpose is first used. */
export interface DerivedKeys {
  /** HMAC-SHA-256. */
  mac(purpose: MacPurpose): Promise<AtLeastOne<DerivedKey>>;
  /** AES-256-GCM. */
  encryption(purpose: EncryptionPurpose): Promise<AtLeastOne<DerivedKey>>;
}

interface SecretJwk extends JWK {
  readonly kid: string;
  readonly k: string;
}

const MIN_SECRET_BYTES = 32;

const isSecret = (jwk: JWK): jwk is SecretJwk =>
  jwk.kty === 'oct' && Boolean(jwk.kid && jwk.k) && base64url.decode(jwk.k ?? '').byteLength >= MIN_SECRET_BYTES;

/**
 * `version1Secrets` are the secrets of version 1. They only recognise the refresh tokens that it issued: an attacker
 * who has them must not be able to make anything new.
 */
export function deriveKeys(secretKeys: string, version1Secrets: readonly string[]): DerivedKeys {
  const [current, ...others] = parseKeySet('SECRET_KEYS', secretKeys, isSecret);
  const encoder = new TextEncoder();
  const older = version1Secrets.map((secret) => ({ id: VERSION_1, bytes: encoder.encode(secret) }));
  const [first, rest] = [secretOf(current), others.map(secretOf)];
  return {
    mac: rememberingEach(async (purpose) => {
      const derive = derivation(purpose, HMAC, ['sign', 'verify']);
      const all = purpose === 'refresh successor' ? [...rest, ...older] : rest;
      return [await derive(first), ...(await Promise.all(all.map(derive)))];
    }),
    encryption: rememberingEach(async (purpose) => {
      const derive = derivation(purpose, AES_GCM, ['encrypt', 'decrypt']);
      return [await derive(first), ...(await Promise.all(rest.map(derive)))];
    }),
  };
}

/** In place of a `kid`: nothing that is stored names such a key. */
const VERSION_1 = 'version 1';

const HMAC = { name: 'HMAC', hash: 'SHA-256', length: 256 };
const AES_GCM = { name: 'AES-GCM', length: 256 };

interface Secret {
  readonly id: string;
  readonly bytes: Uint8Array;
}

const secretOf = ({ kid, k }: SecretJwk): Secret => ({ id: kid, bytes: base64url.decode(k) });

/** Derives once for each purpose. Caches values: a request must not await a promise of another request. */
function rememberingEach<P, T>(derive: (purpose: P) => Promise<T>): (purpose: P) => Promise<T> {
  const derived = new Map<P, T>();
  return async (purpose) => {
    const known = derived.get(purpose) ?? (await derive(purpose));
    derived.set(purpose, known);
    return known;
  };
}

/** HKDF (RFC 5869): one secret is enough for every purpose. */
const derivation =
  (purpose: MacPurpose | EncryptionPurpose, algorithm: typeof HMAC | typeof AES_GCM, usages: readonly string[]) =>
  async ({ id, bytes }: Secret): Promise<DerivedKey> => {
    const secret = await crypto.subtle.importKey('raw', Uint8Array.from(bytes), 'HKDF', false, ['deriveKey']);
    const info = new TextEncoder().encode(`latchkey ${purpose}`);
    const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(32), info };
    return { id, key: await crypto.subtle.deriveKey(hkdf, secret, algorithm, false, [...usages]) };
  };
