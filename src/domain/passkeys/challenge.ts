// WebAuthn challenges: signed and not stored, for one purpose and five minutes, and claimed when they are used.
import { base64url } from 'jose';
import type { Keys } from '../tokens/keys.ts';
import { isMac, macOf } from '../tokens/mac.ts';

/** How long a person may take at their authenticator. */
export const CHALLENGE_MS = 5 * 60 * 1000;

/** The purpose of a challenge. A challenge for a session works in no other one, and ends with it. */
export type ChallengeScope =
  | { readonly purpose: 'login' }
  | { readonly purpose: 'registration' | 'reauthentication'; readonly accountId: number; readonly sessionId: string };

/** A challenge that was verified. The write that uses it claims it, so that it works once. */
export interface VerifiedChallenge {
  readonly challenge: string;
  /** Its random part, in base64url, by which it is claimed. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const ID_BYTES = 32;
const EXPIRY_BYTES = 8;
const MAC_BYTES = 32;

/** A challenge in base64url: a random id, its expiry, and a MAC over both and the scope. */
export async function newChallenge(keys: Keys, scope: ChallengeScope, now: number): Promise<string> {
  const id = crypto.getRandomValues(new Uint8Array(ID_BYTES));
  const expiresAt = now + CHALLENGE_MS;
  const mac = await macOf(keys, 'passkey challenge', message(scope, base64url.encode(id), expiresAt));
  const expiry = new DataView(new ArrayBuffer(EXPIRY_BYTES));
  expiry.setFloat64(0, expiresAt);
  return base64url.encode(Uint8Array.from([...id, ...new Uint8Array(expiry.buffer), ...mac]));
}

/** The challenge, if it was made for this scope and has not expired. */
export async function verifyChallenge(
  keys: Keys,
  scope: ChallengeScope,
  challenge: string,
  now: number,
): Promise<VerifiedChallenge | undefined> {
  const bytes = bytesOf(challenge);
  if (bytes?.byteLength !== ID_BYTES + EXPIRY_BYTES + MAC_BYTES) return undefined;
  const id = base64url.encode(bytes.subarray(0, ID_BYTES));
  const expiresAt = new DataView(bytes.buffer).getFloat64(ID_BYTES);
  const mac = bytes.slice(ID_BYTES + EXPIRY_BYTES);
  const isOurs = await isMac(keys, 'passkey challenge', message(scope, id, expiresAt), mac);
  return isOurs && now < expiresAt ? { challenge, id, expiresAt } : undefined;
}

const message = (scope: ChallengeScope, id: string, expiresAt: number): string =>
  JSON.stringify(
    scope.purpose === 'login'
      ? [scope.purpose, id, expiresAt]
      : [scope.purpose, scope.accountId, scope.sessionId, id, expiresAt],
  );

function bytesOf(challenge: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(base64url.decode(challenge));
  } catch {
    return undefined;
  }
}
