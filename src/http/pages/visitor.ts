// The account that is signed in in a browser, and the paths that lead to a sign-in and back.
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { authorityOf, type SessionTokenCaller } from '../../domain/sign-in/caller.ts';
import { authenticatePage, type PageSession } from '../../domain/sign-in/page-session.ts';
import { csrfTokenOf } from '../../domain/tokens/csrf-token.ts';
import { type Context, clientInfoOf } from '../context.ts';
import { withQuery } from './components.tsx';
import { cookieOf } from './cookie.ts';

/** A signed-in account, and the token of its forms. */
export interface Visitor extends PageSession {
  readonly formToken: string;
}

/** The account that is signed in in the browser of a request. One read of D1. */
export async function visitorOf(c: Context): Promise<Visitor | Refusal<'token_required'>> {
  const ports = c.get('ports');
  const session = await authenticatePage(ports, cookieOf(c), c.get('now'));
  if (isRefusal(session)) return session;
  return { ...session, formToken: await csrfTokenOf(ports.issuer.keys, session.sessionId) };
}

/** The visitor as domain functions know callers. */
export const callerOf = ({ account, sessionId, authentication }: PageSession): SessionTokenCaller => ({
  accountId: account.id,
  sessionId,
  account,
  authentication,
  use: 'session',
});

/** The context of the caller's writes, which need the role as well. */
export const auditOf = (c: Context, caller: SessionTokenCaller, role: 'admin' | null): AuthorizedContext => ({
  ...clientInfoOf(c),
  actorId: caller.accountId,
  sessionId: caller.sessionId,
  authority: { ...authorityOf(caller), role },
  now: c.get('now'),
});

const HOME = '/id';
/** Pages that somebody may come back to. Signing in again and again is none of them. */
const RETURNS = /^\/(admin|id|oauth)(\/|$)/;
const NO_RETURNS = /^\/(id|admin)\/(sign-|second-factor|reauthenticate)/;

/** Where to go on: one of our pages, or the account's. No address of another site, however it is spelled, is one. */
export function safeNext(next: string | undefined, base: string): string {
  if (!next || !URL.canParse(next, base)) return HOME;
  const { origin, pathname, search } = new URL(next, base);
  const isOurs = origin === new URL(base).origin && RETURNS.test(pathname) && !NO_RETURNS.test(pathname);
  return isOurs ? `${pathname}${search}` : HOME;
}

/** The page that asked, to come back to; a form's own page, where a form asked. */
export function currentPage(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${c.req.method === 'GET' ? search : ''}`;
}

/** Leads to the sign-in page and back. `again` asks for it although somebody is signed in. */
export const signInPath = (next: string, again?: 'again'): string =>
  withQuery('/id/sign-in', { next, again: again && '1' });

/** Leads to the page that asks whoever is signed in for their credentials again, and back. */
export const reauthenticatePath = (next: string): string => withQuery('/id/reauthenticate', { next });
