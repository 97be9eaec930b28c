// A cursor is a position in the list of one query, signed: a made-up cursor, or one of another query, is refused.
import { base64url } from 'jose';
import { type Refusal, refuse } from '../refusal.ts';
import type { Keys } from './keys.ts';
import { isMac, macOf } from './mac.ts';

/** The MAC covers the scope and the position, so that neither can be exchanged. */
const message = (scope: string, position: string): string => JSON.stringify([scope, position]);

/**
 * The cursor of a position; null where there is none. `scope` identifies the query, and the caller where it matters.
 */
export async function cursorAt(keys: Keys, scope: string, position: string | undefined): Promise<string | null> {
  if (position === undefined) return null;
  const mac = await macOf(keys, 'list cursor', message(scope, position));
  return `${base64url.encode(position)}.${base64url.encode(mac)}`;
}

/** The position of a cursor, undefined where there is none; refused unless it was signed for this very scope. */
export async function positionAt(
  keys: Keys,
  scope: string,
  cursor: string | undefined,
): Promise<string | undefined | Refusal<'invalid_cursor'>> {
  if (cursor === undefined) return undefined;
  const { position, mac } = parse(cursor) ?? {};
  if (position === undefined || !mac) return refuse('invalid_cursor');
  return (await isMac(keys, 'list cursor', message(scope, position), mac)) ? position : refuse('invalid_cursor');
}

function parse(cursor: string): { readonly position: string; readonly mac: Uint8Array<ArrayBuffer> } | undefined {
  const [, position, mac] = /^([\w-]+)\.([\w-]{43})$/.exec(cursor) ?? [];
  if (!position || !mac) return undefined;
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { position: decoder.decode(base64url.decode(position)), mac: Uint8Array.from(base64url.decode(mac)) };
  } catch {
    return undefined;
  }
}
