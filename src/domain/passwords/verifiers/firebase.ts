// Firebase's scrypt: the project's signer key, encrypted under a key that scrypt derives from the password.

import { base64Bytes, base64Digest, isSameDigest } from './encoding.ts';
import { nodeCrypto } from './node-crypto.ts';
import { deriveScrypt, isScryptCost, isTooExpensive } from './scrypt.ts';
import type { FirebaseScrypt, Verifier } from './verifier.ts';

const FORMAT = /^\$firebase-scrypt\$(?<salt>[\w+/=-]+)\$(?<digest>[\w+/=-]+)$/;
const KEY_BYTES = 32;
const IV_BYTES = 16;

export const firebase: Verifier = (hash, { firebase: project }) => {
  const { salt, digest } = FORMAT.exec(hash)?.groups ?? {};
  const [saltBytes, digestBytes] = [base64Bytes(salt ?? ''), base64Digest(digest ?? '')];
  if (!project || !saltBytes || !digestBytes) return undefined;
  const cost = { N: 2 ** project.memoryCost, r: project.rounds, p: 1 };
  const salted = Uint8Array.from([...saltBytes, ...project.saltSeparator]);
  return {
    tooExpensive: isTooExpensive(cost),
    matches: (password) => {
      const cipher = nodeCrypto().createCipheriv(
        'aes-256-ctr',
        deriveScrypt(password, salted, KEY_BYTES, cost),
        new Uint8Array(IV_BYTES),
      );
      return isSameDigest(cipher.update(project.signerKey), digestBytes);
    },
  };
};

/**
 * The parameters in the secret FIREBASE_SCRYPT: the JSON object that Firebase's console shows as the project's password
 * hash parameters. Undefined for any other text.
 */
export function parseFirebaseScrypt(text: string | undefined): FirebaseScrypt | undefined {
  if (!text) return undefined;
  try {
    const { base64_signer_key: key, base64_salt_separator: separator, rounds, mem_cost: memoryCost } = JSON.parse(text);
    const [signerKey, saltSeparator] = [base64Digest(String(key)), base64Bytes(String(separator))];
    if (!signerKey || !saltSeparator || !isScryptCost({ N: 2 ** memoryCost, r: rounds, p: 1 })) return undefined;
    return { signerKey, saltSeparator, rounds, memoryCost };
  } catch {
    return undefined;
  }
}
