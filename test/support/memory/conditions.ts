// Conditions on accounts and sessions that the in-memory adapters check at each write, like the WHERE of a statement.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditContext, Authority, SessionProof } from '../../../src/domain/audit-context.ts';
import { type Refusal, refuse } from '../../../src/domain/refusal.ts';
import { provedTwoFactors } from '../../../src/domain/sessions/authentication.ts';
import type { State, StoredSession } from './state.ts';

export function activeAccount(state: State, id: number): Account | undefined {
  const account = state.accounts.get(id);
  return account?.active ? account : undefined;
}

/** An account that acts, with the rights of its role or of a user at most. */
type Acting = Pick<Authority, 'accountId' | 'atMost'>;

/** Whether an active admin acts as one. */
export const actsAsAdmin = (state: State, { accountId, atMost }: Acting): boolean =>
  atMost !== 'user' && activeAccount(state, accountId)?.role === 'admin';

/** Whether the owner acts and is active, or an active admin who acts as one. */
export const isOwnerOrAdmin = (state: State, acting: Acting, ownerId: number | null): boolean =>
  activeAccount(state, acting.accountId)?.id === ownerId || actsAsAdmin(state, acting);

/** Not revoked and not expired. */
export const isUnended = (session: StoredSession, now: number): boolean =>
  session.revokedAt === null && session.expiresAt > now;

/** Not revoked, not expired, and of an active account. */
export const isLive = (state: State, session: StoredSession, now: number): boolean =>
  isUnended(session, now) && activeAccount(state, session.accountId) !== undefined;

/** Whether the authority still holds: its account is active and has the role, its session is live and proved enough. */
export function holds(state: State, { accountId, sessionId, role, atMost, proven }: Authority, now: number): boolean {
  const account = activeAccount(state, accountId);
  if (!account || (role !== null && (account.role !== role || atMost === 'user'))) return false;
  if (sessionId === null) return true;
  const session = state.sessions.get(sessionId);
  return session?.accountId === accountId && isUnended(session, now) && hasProven(session, proven);
}

const hasProven = ({ authentication }: StoredSession, { since, factors }: SessionProof = {}): boolean =>
  (since === undefined || authentication.at >= since) && (factors !== 2 || provedTwoFactors(authentication));

/** Why an authority does not hold; undefined where it does. */
export function refuseEnded(
  state: State,
  { authority, now }: AuditContext & { readonly authority: Authority },
): Refusal<'token_revoked' | 'forbidden'> | undefined {
  if (!holds(state, { ...authority, role: null, proven: {} }, now)) return refuse('token_revoked');
  return holds(state, authority, now) ? undefined : refuse('forbidden');
}

/** Whether the account is the only active admin there is. */
export function isLastAdmin(state: State, id: number): boolean {
  const admins = [...state.accounts.values()].filter(({ role, active }) => role === 'admin' && active);
  return admins.length === 1 && admins[0]?.id === id;
}
