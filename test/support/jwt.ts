// Tokens that an attacker would make, and a third party's check of ours.
import { env } from 'cloudflare:workers';

const encode = (value: unknown): string => base64url(new TextEncoder().encode(JSON.stringify(value)));
const base64url = (bytes: Uint8Array): string => bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
const decode = (part: string | undefined): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(Uint8Array.fromBase64(part ?? '', { alphabet: 'base64url' })));

export const headerOf = (token: string) => decode(token.split('.')[0]);
export const payloadOf = (token: string) => decode(token.split('.')[1]);

export interface Forgery {
  readonly header?: Record<string, unknown>;
  readonly payload?: Record<string, unknown>;
}

const changed = (token: string, { header = {}, payload = {} }: Forgery): string =>
  `${encode({ ...headerOf(token), ...header })}.${encode({ ...payloadOf(token), ...payload })}`;

/** The token with other contents and its old signature. */
export const tampered = (token: string, forgery: Forgery): string =>
  `${changed(token, forgery)}.${token.split('.')[2]}`;

/** The token with other contents, unsigned. */
export const unsigned = (token: string): string => `${changed(token, { header: { alg: 'none' } })}.`;

/**
 * The token with other contents, signed with our own private key: as a bug of ours, or a leaked key, would let through.
 */
export async function resigned(token: string, forgery: Forgery): Promise<string> {
  ours ??= importOurs();
  return signedBy(changed(token, forgery), await ours, { name: 'ECDSA', hash: 'SHA-256' });
}

let ours: Promise<CryptoKey> | undefined;

function importOurs(): Promise<CryptoKey> {
  const { keys } = JSON.parse(env.JWT_KEYS) as { keys: JsonWebKey[] };
  const [jwk] = keys;
  if (!jwk) throw new Error('no key');
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return crypto.subtle.importKey('jwk', { ...jwk, key_ops: ['sign'] }, algorithm, false, ['sign']);
}

/** The token signed with HMAC, keyed with the bytes of our public key (RFC 8725 §2.1). */
export async function hmacSigned(token: string, secret: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    'raw',
    new TextEncoder().encode(secret),
    { name: 'HMAC', hash: 'SHA-256' },
    false,
    ['sign'],
  );
  return signedBy(changed(token, { header: { alg: 'HS256' } }), key, { name: 'HMAC' });
}

async function signedBy(input: string, key: CryptoKey, algorithm: SubtleCryptoSignAlgorithm): Promise<string> {
  const signature = await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(input));
  return `${input}.${base64url(new Uint8Array(signature))}`;
}
