// The cookie of pages' sessions: for this host only, hidden from scripts, sent from another site only by its links.
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { Context } from '../context.ts';

/** The prefix makes browsers insist on Secure, on `Path=/` and on no Domain (RFC 6265bis §4.1.3.2). */
const NAME = '__Host-latchkey';
/** Plain http is for local development, where a cookie can be neither Secure nor prefixed. */
const LOCAL_NAME = 'latchkey';
const LOCAL_HOSTS = new Set(['localhost', '127.0.0.1', '[::1]']);

function isLocal(c: Context): boolean {
  const { protocol, hostname } = new URL(c.req.url);
  return protocol === 'http:' && LOCAL_HOSTS.has(hostname);
}

const nameFor = (c: Context): string => (isLocal(c) ? LOCAL_NAME : NAME);

export const cookieOf = (c: Context): string | undefined => getCookie(c, nameFor(c));

/** `maxAge` is in seconds. */
export const setSessionCookie = (c: Context, value: string, maxAge: number): void =>
  setCookie(c, nameFor(c), value, {
    path: '/',
    httpOnly: true,
    // An app's link to /oauth/authorize must carry the cookie. Forms are guarded by their own token.
    sameSite: 'Lax',
    secure: !isLocal(c),
    maxAge,
  });

export const deleteSessionCookie = (c: Context): void => {
  deleteCookie(c, nameFor(c), { path: '/', secure: !isLocal(c) });
};
