// The CSRF token in each form of the admin pages: a MAC of the session's id, which only that session's pages know.
import { fromHex, toHex } from '../digest.ts';
import type { Keys } from './keys.ts';
import { isMac, macOf } from './mac.ts';

const TOKEN_LENGTH = 64;

/** The token of a session's forms, in hexadecimal. */
export async function csrfTokenOf(keys: Keys, sessionId: string): Promise<string> {
  return toHex(await macOf(keys, 'form', sessionId));
}

/** Whether a form carries the token of its session, under any key of the set. */
export async function isCsrfToken(keys: Keys, sessionId: string, token: string): Promise<boolean> {
  const mac = token.length === TOKEN_LENGTH ? fromHex(token) : undefined;
  return mac !== undefined && isMac(keys, 'form', sessionId, mac);
}
