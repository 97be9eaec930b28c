// Visits to the admin pages: signed in by password, held by a cookie whose session and account D1 is asked for at each page.
import type { Account } from '../accounts/account.ts';
import type { Act, Origin } from '../audit/event.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { NewSession, Sessions } from '../sessions/session.ts';
import { type Issuer, signToken, verifyCookie } from '../tokens/jwt.ts';
import { type Credentials, type LoginPorts, type LoginRefusal, logIn } from './login.ts';

/** A working day; no setting, because a lifetime of a second would lock every admin out of the page that mends it. */
export const VISIT_SECONDS = 8 * 60 * 60;

/** How stale `last_used_at` may be. */
const TOUCH_AFTER_MS = 5 * 60 * 1000;

export interface Visit {
  readonly admin: Account;
  readonly sessionId: string;
}

type VisitPorts = LoginPorts & { readonly sessions: Sessions };

/** Signs an admin in and answers their cookie. Anybody else's right password leaves no session behind. */
export async function signIn(
  ports: VisitPorts,
  credentials: Credentials,
  origin: Origin,
  now: number,
): Promise<string | LoginRefusal | Refusal<'forbidden'>> {
  const session: NewSession = {
    id: crypto.randomUUID(),
    kind: 'session',
    tokenHash: null,
    expiresAt: now + VISIT_SECONDS * 1000,
  };
  const account = await logIn(ports, credentials, session, origin, now);
  if (isRefusal(account)) return account;
  const holder = { accountId: account.id, sessionId: session.id };
  if (account.role === 'admin') return signToken(ports.issuer, { ...holder, use: 'cookie' }, VISIT_SECONDS, now);
  await ports.sessions.end(holder, { ...origin, actorId: account.id, now });
  return refuse('forbidden');
}

/** The visit that a cookie holds, if its session lives and its account is an active admin now. */
export async function visitOf(
  { issuer, sessions }: { readonly issuer: Issuer; readonly sessions: Sessions },
  cookie: string | undefined,
  now: number,
): Promise<Visit | Refusal<'token_required' | 'forbidden'>> {
  const claims = cookie === undefined ? undefined : await verifyCookie(issuer, cookie, now);
  if (claims === undefined || isRefusal(claims)) return refuse('token_required');
  const holder = await sessions.holder(claims.sessionId, now);
  if (holder?.account.id !== claims.accountId) return refuse('token_required');
  if (holder.account.role !== 'admin') return refuse('forbidden');
  if (holder.lastUsedAt < now - TOUCH_AFTER_MS) sessions.touch(claims.sessionId, now);
  return { admin: holder.account, sessionId: claims.sessionId };
}

/** Ends the visit's session, so that its cookie works nowhere any more. */
export const signOut = (sessions: Sessions, { admin, sessionId }: Visit, act: Act): Promise<boolean> =>
  sessions.end({ accountId: admin.id, sessionId }, act);
