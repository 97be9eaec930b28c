// The account that a browser is signed in to, and the paths that lead to a sign-in and back.
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

/** The account that the browser of a request is signed in to. One read of D1. */
export async function visitorOf(c: Context): Promise<Visitor | Refusal<'token_required'>> {
  const ports = c.get('ports');
  const session = await authenticatePage(ports, cookieOf(c), c.get('now'));
  if (isRefusal(session)) return session;
  return { ...session, formToken: await csrfTokenOf(ports.issuer.keys, session.sessionId) };
}

/** The visitor, as domain functions take callers. */
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
/** Pages that a sign-in may lead back to; a sign-in page is none of them. */
const RETURNS = /^\/(admin|id|oauth)(\/|$)/;
const NO_RETURNS = /^\/(id|admin)\/(sign-|second-factor|reauthenticate)/;

/** The path to go on to: that of `next` if it is one of our pages, else the account's page. Never another site. */
export function safeNext(next: string | undefined, base: string): string {
  if (!next || !URL.canParse(next, base)) return HOME;
  const { origin, pathname, search } = new URL(next, base);
  const isOurs = origin === new URL(base).origin && RETURNS.test(pathname) && !NO_RETURNS.test(pathname);
  return isOurs ? `${pathname}${search}` : HOME;
}

/** The page to come back to: the one that was requested, or the one whose form was sent. */
export function currentPage(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname}${c.req.method === 'GET' ? search : ''}`;
}

/** The path of the sign-in page, which leads back. `again` asks for a sign-in although somebody is signed in. */
export const signInPath = (next: string, again?: 'again'): string =>
  withQuery('/id/sign-in', { next, again: again && '1' });

/** The path of the page that asks the visitor for their credentials again, and leads back. */
export const reauthenticatePath = (next: string): string => withQuery('/id/reauthenticate', { next });
