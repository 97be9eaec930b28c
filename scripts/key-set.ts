// A signing key set is a JWK set of ES256 private keys: the first signs, all verify.
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

/** Its `kid` is its RFC 7638 thumbprint. */
async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'ES256', use: 'sig' };
}

export const newKeySet = async (): Promise<string> => JSON.stringify({ keys: [await newKey()] });

/** The set with a new key before the others. Throws where the text is not a JWK set; the message never quotes it. */
export async function rotated(keySet: string): Promise<string> {
  const { keys } = parse(keySet);
  return JSON.stringify({ keys: [await newKey(), ...keys] });
}

function parse(keySet: string): JSONWebKeySet {
  try {
    const set = JSON.parse(keySet) as Partial<JSONWebKeySet>;
    if (set.keys?.length && set.keys.every((key) => key.crv === 'P-256' && key.kid && key.d)) return { keys: set.keys };
  } catch {
    // The parser's message quotes its input, and the input is the secret.
  }
  throw new Error('this is not a JWK set of ES256 private keys with a kid each');
}
