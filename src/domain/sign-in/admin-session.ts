// Sessions of the admin pages: a cookie whose session and account are read from D1 at each page.
import type { Account } from '../accounts/account.ts';
import type { AuditContext, AuthorizedContext, SessionProof } from '../audit-context.ts';
import { isRefusal, type Refusal, refuse } from '../refusal.ts';
import type { Authentication } from '../sessions/authentication.ts';
import { findLiveSession, type LiveSessionPorts } from '../sessions/live.ts';
import { type NewSession, recordUseIfStale, type Sessions } from '../sessions/session.ts';
import { type Issuer, signToken, verifyCookie } from '../tokens/jwt.ts';
import { type AdminProofPorts, proveAdmin } from './admin-proof.ts';
import type { LoginPorts } from './login.ts';
import { type Credentials, type LoginRefusal, proofOf, refuseOvertaken, signIn } from './sign-in.ts';

/** A working day. Not a setting: a lifetime of a second would lock every admin out of the page that mends it. */
export const ADMIN_SESSION_SECONDS = 8 * 60 * 60;

export interface AdminSession {
  readonly admin: Account;
  readonly sessionId: string;
  readonly authentication: Authentication;
  /** What the session was asked to have proven: its writes ask for it again. */
  readonly proven?: SessionProof;
}

/** Signs an admin in and returns the cookie. The right password of any other account opens no session. */
export async function signInAdmin(
  ports: LoginPorts,
  credentials: Credentials,
  audit: AuditContext,
): Promise<string | LoginRefusal | Refusal<'forbidden'>> {
  const { now } = audit;
  const proof = await proofOf(ports, credentials, audit);
  if (isRefusal(proof)) return proof;
  if (proof.account.active && proof.account.role !== 'admin') {
    await ports.signIns.recordRefusal(proof, 'forbidden', undefined, { ...audit, actorId: proof.account.id });
    return refuse('forbidden');
  }
  const expiresAt = now + ADMIN_SESSION_SECONDS * 1000;
  const session: NewSession = { id: crypto.randomUUID(), kind: 'session', tokenHash: null, expiresAt };
  const opened = await signIn(ports, proof, session, await ports.settings.current(now), audit);
  if (isRefusal(opened)) return opened;
  if ('overtaken' in opened) return refuseOvertaken(opened);
  const { accountId, sessionId } = opened;
  return signToken(ports.issuer, { accountId, sessionId, use: 'cookie' }, ADMIN_SESSION_SECONDS, now);
}

/** Why a cookie with a live session shows no page. */
export type AdminRefusal = Refusal<'forbidden' | 'reauthentication_required' | 'second_factor_enrollment_required'>;

/** The admin session of a cookie, if its session is live and its account is an active admin now. */
export async function authenticateAdmin(
  ports: LiveSessionPorts & AdminProofPorts & { readonly issuer: Issuer },
  cookie: string | undefined,
  now: number,
): Promise<AdminSession | Refusal<'token_required'> | AdminRefusal> {
  const claims = cookie === undefined ? undefined : await verifyCookie(ports.issuer, cookie, now);
  if (claims === undefined || isRefusal(claims)) return refuse('token_required');
  const live = await findLiveSession(ports, claims, now);
  if (!live) return refuse('token_required');
  if (live.account.role !== 'admin') return refuse('forbidden');
  const { ADMIN_SECOND_FACTOR_REQUIRED: isRequired } = await ports.settings.current(now);
  const proven = isRequired ? await proveAdmin(ports, live) : undefined;
  if (isRefusal(proven)) return proven;
  recordUseIfStale(ports.sessions, claims.sessionId, live.lastUsedAt, now);
  const session = { admin: live.account, sessionId: claims.sessionId, authentication: live.authentication };
  return proven ? { ...session, proven } : session;
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
