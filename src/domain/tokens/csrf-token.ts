// Each form of the admin pages carries a token that only their own session's pages can know.
import type { Keys } from './keys.ts';

/** HMAC of the session's id, in hex. */
export async function formTokenOf({ formKeys: [key] }: Keys, sessionId: string): Promise<string> {
  if (!key) throw new Error('no key to sign a form with');
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(sessionId)));
  return Array.from(mac, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Whether a form carries its session's token, under any key that still verifies: WebCrypto compares in constant time. */
export async function isFormToken({ formKeys }: Keys, sessionId: string, token: string): Promise<boolean> {
  if (!/^[0-9a-f]{64}$/.test(token)) return false;
  const mac = Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(token.slice(index * 2, index * 2 + 2), 16));
  const matches = await Promise.all(
    formKeys.map((key) => crypto.subtle.verify('HMAC', key, mac, new TextEncoder().encode(sessionId))),
  );
  return matches.includes(true);
}
