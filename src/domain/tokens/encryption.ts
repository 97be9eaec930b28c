// Encryption at rest: AES-256-GCM under a derived key, in boxes that name their key.
import { base64url } from 'jose';
import type { EncryptionPurpose } from './derived-keys.ts';
import type { Keys } from './keys.ts';

const VERSION = 'v1';
/** A random IV of the size that GCM is made for (NIST SP 800-38D §8.2.2); a rewritten box gets a fresh one. */
const IV_BYTES = 12;

/**
 * Encrypts under the current key: `v1.<key id>.<iv>.<ciphertext and tag>`. `owner` is authenticated with the text, so
 * that a box which is copied to another owner's row cannot be decrypted there.
 */
export async function encrypt(
  keys: Keys,
  purpose: EncryptionPurpose,
  text: Uint8Array<ArrayBuffer>,
  owner: string,
): Promise<string> {
  const [{ id, key }] = await keys.derived.encryption(purpose);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const encrypted = await crypto.subtle.encrypt(parameters(iv, owner), key, text);
  return [VERSION, id, base64url.encode(iv), base64url.encode(new Uint8Array(encrypted))].join('.');
}

export interface Decrypted {
  readonly text: Uint8Array<ArrayBuffer>;
  /** Whether an older key than the current one made the box, so that it should be encrypted again. */
  readonly isOutdated: boolean;
}

/** The key of a box that SECRET_KEYS no longer has: it was rotated out before the box was encrypted again. */
export interface MissingKey {
  readonly missingKeyId: string;
}

/** Decrypts a box. Throws where it is another owner's, or was changed. */
export async function decrypt(
  keys: Keys,
  purpose: EncryptionPurpose,
  box: string,
  owner: string,
): Promise<Decrypted | MissingKey> {
  const { keyId, iv, encrypted } = parse(box);
  const all = await keys.derived.encryption(purpose);
  const made = all.find(({ id }) => id === keyId);
  if (!made) return { missingKeyId: keyId };
  const text = await crypto.subtle.decrypt(parameters(iv, owner), made.key, encrypted);
  return { text: new Uint8Array(text), isOutdated: made !== all[0] };
}

const parameters = (iv: Uint8Array<ArrayBuffer>, owner: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(owner),
});

/** A key id may have dots of its own. */
function parse(box: string) {
  const [, keyId, iv, encrypted] = /^v1\.(.+)\.([\w-]+)\.([\w-]+)$/s.exec(box) ?? [];
  if (keyId === undefined || iv === undefined || encrypted === undefined) throw new Error('this is no encrypted box');
  const decode = (text: string) => Uint8Array.from(base64url.decode(text));
  return { keyId, iv: decode(iv), encrypted: decode(encrypted) };
}
