// Key sets: JWK sets whose first key is the current one. JWT_KEYS holds ES256 private keys, and RS256 ones for ID
// tokens of clients that need them; SECRET_KEYS holds symmetric ones.
import { randomBytes, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';

/** The secrets of the Worker, by their names. */
export interface Secrets {
  readonly JWT_KEYS: string;
  readonly SECRET_KEYS: string;
}

export type SecretName = keyof Secrets;

export const SECRET_NAMES: readonly SecretName[] = ['JWT_KEYS', 'SECRET_KEYS'];

const SECRET_BYTES = 32;

type SigningAlgorithm = 'ES256' | 'RS256';

/** Its `kid` is its RFC 7638 thumbprint. */
async function newSigningKey(alg: SigningAlgorithm = 'ES256'): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk = await exportJWK(privateKey);
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg, use: 'sig' };
}

/** Its `kid` is random: a thumbprint of a symmetric key would tell something about it (RFC 7638 §7). */
const newSecretKey = async (): Promise<JWK> => ({
  kty: 'oct',
  kid: randomUUID(),
  k: randomBytes(SECRET_BYTES).toString('base64url'),
});

const MAKERS: Readonly<Record<SecretName, () => Promise<JWK>>> = {
  JWT_KEYS: () => newSigningKey(),
  SECRET_KEYS: newSecretKey,
};

const isKeyOf: Readonly<Record<SecretName, (key: JWK) => boolean>> = {
  JWT_KEYS: (key) => (key.crv === 'P-256' || key.kty === 'RSA') && Boolean(key.kid && key.d),
  SECRET_KEYS: (key) => key.kty === 'oct' && Boolean(key.kid && key.k),
};

/** A set with one new key. */
export const newKeySet = async (name: SecretName): Promise<string> => JSON.stringify({ keys: [await MAKERS[name]()] });

/** Every secret that the Worker needs. */
export const newSecrets = async (): Promise<Secrets> => ({
  JWT_KEYS: await newKeySet('JWT_KEYS'),
  SECRET_KEYS: await newKeySet('SECRET_KEYS'),
});

/** A set for JWT_KEYS with a key of each algorithm. */
export const newKeySetWithRsa = async (): Promise<string> => withRsa(await newKeySet('JWT_KEYS'));

/** The set for JWT_KEYS with a new RSA key before the others; it signs ID tokens, and the first EC key all else. */
export async function withRsa(keySet: string): Promise<string> {
  const { keys } = parse('JWT_KEYS', keySet);
  return JSON.stringify({ keys: [await newSigningKey('RS256'), ...keys] });
}

/** The set with a new key before the others. Throws where the text is not such a set; the message never quotes it. */
export async function rotated(name: SecretName, keySet: string): Promise<string> {
  const { keys } = parse(name, keySet);
  return JSON.stringify({ keys: [await MAKERS[name](), ...keys] });
}

function parse(name: SecretName, keySet: string): JSONWebKeySet {
  try {
    const set = JSON.parse(keySet) as Partial<JSONWebKeySet>;
    if (set.keys?.length && set.keys.every(isKeyOf[name])) return { keys: set.keys };
  } catch {
    // The parser's message quotes its input, which is the secret.
  }
  throw new Error(`this is not a JWK set for ${name}, with a kid in each key`);
}
