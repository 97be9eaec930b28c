// The encodings of salts and digests in hash texts.

import { fromHex } from '../../digest.ts';
import { nodeCrypto } from './node-crypto.ts';
import { MIN_DIGEST_BYTES } from './verifier.ts';

const encoder = new TextEncoder();

/** Salts that are used as the text they are written as. */
export const textBytes = (text: string): Uint8Array => encoder.encode(text);

/**
 * The bytes of base64 in any of its alphabets, passlib's with `.` included, padded or not; undefined for other text.
 */
export function base64Bytes(text: string): Uint8Array | undefined {
  const standard = text.replaceAll(/[.-]/g, '+').replaceAll('_', '/').replace(/=+$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(standard) || standard.length % 4 === 1) return undefined;
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

/** The bytes of a digest; undefined where it is too short to be one. */
const longEnough = (digest: Uint8Array | undefined): Uint8Array | undefined =>
  digest && digest.byteLength >= MIN_DIGEST_BYTES ? digest : undefined;

export const base64Digest = (text: string): Uint8Array | undefined => longEnough(base64Bytes(text));
export const hexDigest = (text: string): Uint8Array | undefined => longEnough(fromHex(text.toLowerCase()));

/** Whether two digests are equal, in constant time. */
export const isSameDigest = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && nodeCrypto().timingSafeEqual(a, b);
