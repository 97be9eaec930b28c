// Redirect URIs: which may be registered, and which requested one matches a registered one (RFC 6749 §3.1.2, RFC 8252).
import type { ClientKind } from './client.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]']);
const MAX_LENGTH = 2000;

/** Printable ASCII without the characters that a URL must escape: URIs are compared as text, not as parsed. */
const URI_TEXT = /^[\x21\x23-\x3b\x3d\x3f-\x5b\x5d\x5f\x61-\x7a\x7e]+$/;

/** Private-use schemes are a reversed domain (RFC 8252 §7.1). */
const PRIVATE_USE = /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+$/;

/** Why a redirect URI cannot be registered, in words for an admin; undefined for one that can. */
export function refuseRedirectUri(uri: string, kind: ClientKind): string | undefined {
  if (uri.length > MAX_LENGTH || !URI_TEXT.test(uri) || !URL.canParse(uri)) return 'must be an absolute URI';
  if (uri.includes('#')) return 'must have no fragment';
  if (uri.includes('*')) return 'must have no wildcard';
  const { protocol, hostname, username, password } = new URL(uri);
  if (username || password || /^[a-z][^:]*:\/\/[^/?]*@/i.test(uri)) return 'must have no user info';
  if (hasDotSegments(uri)) return 'must have no dot segments';
  if (protocol === 'https:') return hostname ? undefined : 'must have a host';
  if (protocol === 'http:')
    return hostname === 'localhost' || LOOPBACK.has(hostname) ? undefined : 'must be https, or http on this machine';
  const isPrivateUse = kind === 'public' && PRIVATE_USE.test(protocol.slice(0, -1));
  return isPrivateUse ? undefined : 'must be https, http on this machine, or a private-use scheme of a public client';
}

/** A browser resolves dot segments, and would go to another address than the one that was compared. */
const hasDotSegments = (uri: string): boolean =>
  /(^|[/\\])(\.|%2e){1,2}([/\\?]|$)/i.test(uri.replace(/^[^:]+:\/*/, '/'));

/** Whether a requested URI is this registered one: the same text, except for the port of a loopback address (§7.3). */
export function isRegistered(requested: string, registered: string): boolean {
  if (requested === registered) return true;
  const [asked, known] = [loopbackParts(requested), loopbackParts(registered)];
  return asked !== undefined && known !== undefined && asked.host === known.host && asked.rest === known.rest;
}

function loopbackParts(uri: string): { readonly host: string; readonly rest: string } | undefined {
  const [, host, port, rest] = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::(\d{1,5}))?([/?].*)?$/.exec(uri) ?? [];
  if (host === undefined || Number(port ?? 80) > 65_535) return undefined;
  return { host, rest: rest ?? '' };
}

/** Whether any app on the person's device could receive it, so that consent must be asked each time (§8.6). */
export function isOnDevice(uri: string): boolean {
  const { protocol, hostname } = new URL(uri);
  return protocol !== 'https:' || hostname === 'localhost' || LOOPBACK.has(hostname);
}

/** The source of a redirect for a page's policy: its origin, or its private-use scheme. */
export const sourceOf = (uri: string): string => originOf(uri) ?? new URL(uri).protocol;

/** The origin of a redirect, for CORS; undefined for a private-use scheme, which has none. */
export function originOf(uri: string): string | undefined {
  const { protocol, origin } = new URL(uri);
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
}
