// A refresh token is a random UUID, kept nowhere but as its SHA-256; its successor is derived from it with a server secret.
import type { Keys } from '../tokens/keys.ts';

/** What is remembered of a token that was issued; written once, never changed. */
export interface IssuedRefreshToken {
  readonly sessionId: string;
  readonly accountId: number;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** Every refresh token that was issued, until it expires. It remembers; it never decides. */
export interface RefreshTokens {
  /** Writes after the answer is sent; the entry is gone `lifetimeSeconds` later, or after the shortest time the store can keep. */
  remember(tokenHash: string, token: IssuedRefreshToken, lifetimeSeconds: number): void;
  /** May miss a token issued within the last minute or so: the store is eventually consistent. */
  find(tokenHash: string): Promise<IssuedRefreshToken | undefined>;
}

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** SHA-256 in hex: the only form in which a token is stored. A token has 122 random bits, so it needs no salt. */
export async function hashToken(token: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token))));
}

/** The first token of a session. */
export const newRefreshToken = (): string => crypto.randomUUID();

/** The token that follows `presented`: the same for every retry, and unknown to whoever lacks the secret. */
export const successorOf = (keys: Keys, presented: string): Promise<string> => derive(keys.successorKeys[0], presented);

/** The successor under each key that still verifies, newest first: a retry may come after a key rotation. */
export const successorsOf = (keys: Keys, presented: string): Promise<readonly string[]> =>
  Promise.all(keys.successorKeys.map((key) => derive(key, presented)));

/** Generations of a token that D1 alone can tell, before KV is asked: more than a client spends while KV may show a write late. */
const LINE_LENGTH = 8;

/** Hashes of the tokens that may have followed a presented one: if it was spent, a session of its line holds one of them. */
export async function hashesOfLine(keys: Keys, presented: string): Promise<readonly string[]> {
  const lines = (await successorsOf(keys, presented)).map(async (first) => {
    const hashes: string[] = [];
    for (let token = first; hashes.length < LINE_LENGTH; token = await successorOf(keys, token))
      hashes.push(await hashToken(token));
    return hashes;
  });
  return (await Promise.all(lines)).flat();
}

async function derive(key: CryptoKey | undefined, presented: string): Promise<string> {
  if (!key) throw new Error('no key to derive a refresh token with');
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(presented)));
  return uuidOf(mac.subarray(0, 16));
}

/** Sixteen bytes as a UUID of version 8, the one for values of one's own making (RFC 9562 §5.8). */
function uuidOf(bytes: Uint8Array): string {
  const hex = toHex(bytes);
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
