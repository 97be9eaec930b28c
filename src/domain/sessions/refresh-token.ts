// Refresh tokens are UUIDs, stored only as their SHA-256. Each token's successor is derived from it with a server
// secret.
import { sha256Hex, toHex } from '../digest.ts';
import type { Keys } from '../tokens/keys.ts';
import { macOf, macsOf } from '../tokens/mac.ts';

/** The record of an issued token: written once, never changed. */
export interface IssuedRefreshToken {
  readonly sessionId: string;
  readonly accountId: number;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
}

/** Every refresh token that was issued, until it expires. It only remembers: D1 decides whether a token is valid. */
export interface RefreshTokens {
  /** Writes after the response is sent. The record expires after `lifetimeSeconds`, or after the store's minimum. */
  remember(tokenHash: string, token: IssuedRefreshToken, lifetimeSeconds: number): void;
  /** May miss a token issued within the last minute or so: the store is eventually consistent. */
  lookUp(tokenHash: string): Promise<IssuedRefreshToken | undefined>;
}

/** SHA-256 in hexadecimal, unsalted: a token has 122 random bits. */
export const hashToken = sha256Hex;

/** The first token of a session. */
export const newRefreshToken = (): string => crypto.randomUUID();

/** The token that follows `presented`: the same for every retry, and unknown without the secret. */
export const successorOf = async (keys: Keys, presented: string): Promise<string> =>
  uuidOf(await macOf(keys, 'refresh successor', presented));

/** The successor under each key of the set, the current key's first: a retry may come after a key rotation. */
export const successorsOf = async (keys: Keys, presented: string): Promise<readonly string[]> =>
  (await macsOf(keys, 'refresh successor', presented)).map(({ mac }) => uuidOf(mac));

/** Rotations that D1 recognises without KV: more than a client makes while KV may not show a write yet. */
const MAX_DESCENDANTS = 8;

/** Hashes of the next tokens of the presented token's family: a session that rotated it holds one of them. */
export async function descendantHashes(keys: Keys, presented: string): Promise<readonly string[]> {
  const families = (await successorsOf(keys, presented)).map(async (first) => {
    const hashes: string[] = [];
    for (let token = first; hashes.length < MAX_DESCENDANTS; token = await successorOf(keys, token))
      hashes.push(await hashToken(token));
    return hashes;
  });
  return (await Promise.all(families)).flat();
}

/** The first sixteen bytes as a UUID of version 8, the version for custom values (RFC 9562 §5.8). */
function uuidOf(bytes: Uint8Array): string {
  const hex = toHex(bytes.subarray(0, 16));
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`];
  return [...parts, hex.slice(20)].join('-');
}
