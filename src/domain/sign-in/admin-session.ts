// Sessions of the admin pages: a cookie whose session and account are read from D1 at each page.
import type { Account } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import { type NewSession, recordUseIfStale, type Sessions } from '../sessions/session.ts';
import { type Issuer, signToken, verifyCookie } from '../tokens/jwt.ts';
import { type Credentials, type LoginRefusal, proofOf, type SignInPorts, signIn } from './sign-in.ts';

/** A working day. Not a setting: a lifetime of a second would lock every admin out of the page that mends it. */
export const ADMIN_SESSION_SECONDS = 8 * 60 * 60;

export interface AdminSession {
  readonly admin: Account;
  readonly sessionId: string;
}

/** Signs an admin in and returns the cookie. The right password of any other account opens no session. */
export async function signInAdmin(
  ports: SignInPorts & { readonly issuer: Issuer },
  credentials: Credentials,
  audit: AuditContext,
): Promise<string | LoginRefusal | Refusal<'forbidden'>> {
  const { now } = audit;
  const proof = await proofOf(ports, credentials, audit);
  if (isRefusal(proof)) return proof;
  if (proof.account.active && proof.account.role !== 'admin') {
    await ports.signIns.recordRefusal(proof, 'forbidden', { ...audit, actorId: proof.account.id });
    return refuse('forbidden');
  }
  const expiresAt = now + ADMIN_SESSION_SECONDS * 1000;
  const session: NewSession = { id: crypto.randomUUID(), kind: 'session', tokenHash: null, expiresAt };
  const account = await signIn(ports, proof, session, audit);
  if (isRefusal(account)) return account;
  const claims = { accountId: account.id, sessionId: session.id, use: 'cookie' } as const;
  return signToken(ports.issuer, claims, ADMIN_SESSION_SECONDS, now);
}

/** The admin session of a cookie, if its session is live and its account is an active admin now. */
export async function authenticateAdmin(
  { issuer, sessions }: { readonly issuer: Issuer; readonly sessions: Sessions },
  cookie: string | undefined,
  now: number,
): Promise<AdminSession | Refusal<'token_required' | 'forbidden'>> {
  const claims = cookie === undefined ? undefined : await verifyCookie(issuer, cookie, now);
  if (claims === undefined || isRefusal(claims)) return refuse('token_required');
  const live = await sessions.findLive(claims.sessionId, now);
  if (live?.account.id !== claims.accountId) return refuse('token_required');
  if (live.account.role !== 'admin') return refuse('forbidden');
  recordUseIfStale(sessions, claims.sessionId, live.lastUsedAt, now);
  return { admin: live.account, sessionId: claims.sessionId };
}

/** Whose cookie it is, whatever they may; undefined for a cookie that is not ours or has expired. */
export async function accountIdOf(
  issuer: Issuer,
  cookie: string | undefined,
  now: number,
): Promise<number | undefined> {
  const claims = cookie === undefined ? undefined : await verifyCookie(issuer, cookie, now);
  return claims === undefined || isRefusal(claims) ? undefined : claims.accountId;
}

/** Ends the session, so that its cookie works nowhere any more. */
export const signOut = (sessions: Sessions, { admin, sessionId }: AdminSession, audit: AuthorizedContext) =>
  sessions.end({ accountId: admin.id, sessionId }, audit);
