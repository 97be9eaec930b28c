// A cursor is a position in one query's list, sealed with a key of the server's: made up or taken elsewhere, it opens nothing.
import { base64url } from 'jose';
import { type Refusal, refuse } from '../refusal.ts';
import type { Keys } from './keys.ts';

const encoder = new TextEncoder();

/** The seal covers the query, who asks included, and the position; neither can be exchanged. */
const sealed = (query: string, position: string) => encoder.encode(JSON.stringify([query, position]));

/** The cursor for a position of a query. */
export async function cursorAt(keys: Keys, query: string, position: string): Promise<string> {
  const [key] = keys.cursorKeys;
  if (!key) throw new Error('no key to seal a cursor with');
  const seal = new Uint8Array(await crypto.subtle.sign('HMAC', key, sealed(query, position)));
  return `${base64url.encode(position)}.${base64url.encode(seal)}`;
}

/** The position that a cursor of this very query stands for; any key that still verifies will do. */
export async function positionAt(
  keys: Keys,
  query: string,
  cursor: string,
): Promise<string | Refusal<'invalid_cursor'>> {
  const opened = parse(cursor);
  if (!opened) return refuse('invalid_cursor');
  const message = sealed(query, opened.position);
  const verified = await Promise.all(
    keys.cursorKeys.map((key) => crypto.subtle.verify('HMAC', key, opened.seal, message)),
  );
  return verified.includes(true) ? opened.position : refuse('invalid_cursor');
}

function parse(cursor: string): { readonly position: string; readonly seal: Uint8Array } | undefined {
  const [, position, seal] = /^([\w-]+)\.([\w-]{43})$/.exec(cursor) ?? [];
  if (!position || !seal) return undefined;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
    return { position: decoder.decode(base64url.decode(position)), seal: base64url.decode(seal) };
  } catch {
    return undefined;
  }
}
