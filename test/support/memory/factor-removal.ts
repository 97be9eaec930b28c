// Removing factors in memory. Sessions of an account without a second factor count as proven by one.
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import { record } from './audit-trail.ts';
import type { State } from './state.ts';
import { confirmedTotp } from './totp.ts';

/** Whether an account has a factor beside its password. */
export const hasFactor = (state: State, accountId: number): boolean =>
  confirmedTotp(state, accountId) !== undefined || passkeysOf(state, accountId).length > 0;

/** An account's passkeys, the oldest first. */
export const passkeysOf = (state: State, accountId: number) =>
  [...state.passkeys.values()].filter((passkey) => passkey.accountId === accountId);

/** Removes the app, confirmed or not, with its codes. */
export function deleteTotp(state: State, accountId: number, audit: AuditContext): void {
  if (confirmedTotp(state, accountId)) record(state, 'factor.removed', accountId, audit, { factor: 'totp' });
  state.totps.delete(accountId);
  state.recoveryCodes.delete(accountId);
  forgetSecondFactors(state, accountId);
}

/** Removes a passkey, with its event. */
export function deletePasskey(state: State, id: string, audit: AuditContext): void {
  const passkey = state.passkeys.get(id);
  if (!passkey) return;
  const { accountId, name } = passkey;
  record(state, 'passkey.removed', accountId, audit, { passkey_id: id, name });
  state.passkeys.delete(id);
  forgetSecondFactors(state, accountId);
}

/** Removes what was enrolled since a time (milliseconds since the epoch), and what waits to be confirmed. */
export function deleteFactorsSince(state: State, accountId: number, since: number): void {
  const codes = [...(state.recoveryCodes.get(accountId) ?? [])].filter(([, madeAt]) => madeAt < since);
  state.recoveryCodes.set(accountId, new Map(codes));
  if ((state.totps.get(accountId)?.confirmedAt ?? Number.POSITIVE_INFINITY) >= since) state.totps.delete(accountId);
  for (const { id, createdAt } of passkeysOf(state, accountId)) if (createdAt >= since) state.passkeys.delete(id);
}

function forgetSecondFactors(state: State, accountId: number): void {
  if (hasFactor(state, accountId)) return;
  for (const { id, accountId: owner } of state.sessions.values())
    if (owner === accountId) setMethods(state, id, ['pwd']);
}

export function setMethods(state: State, sessionId: string, methods: Authentication['methods']): void {
  const session = state.sessions.get(sessionId);
  if (session) state.sessions.set(sessionId, { ...session, authentication: { ...session.authentication, methods } });
}
