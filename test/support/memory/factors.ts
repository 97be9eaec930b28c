// Factors in memory: authenticator apps with their recovery codes. Passkeys have no adapter here.
import type { AuthorizedContext } from '../../../src/domain/audit-context.ts';
import { type Factors, PENDING_MS } from '../../../src/domain/factors/factor.ts';
import type { NewMail } from '../../../src/domain/mail/mail.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import { record } from './audit-trail.ts';
import { holds, refuseEnded } from './conditions.ts';
import { queueMail } from './mails.ts';
import type { State } from './state.ts';
import { confirmedTotp } from './totp.ts';

export function factorsIn(state: State): Factors {
  const mayAct = ({ authority, now }: AuthorizedContext) => holds(state, authority, now);
  const pending = (accountId: number, now: number) => {
    const totp = state.totps.get(accountId);
    return totp?.confirmedAt === null && totp.createdAt > now - PENDING_MS ? totp : undefined;
  };

  return {
    async overview(accountId) {
      const createdAt = confirmedTotp(state, accountId)?.confirmedAt ?? null;
      const recoveryCodesLeft = state.recoveryCodes.get(accountId)?.size ?? 0;
      return { totp: createdAt === null ? null : { createdAt }, recoveryCodesLeft, passkeys: [] };
    },

    hasAny: async (accountId) => confirmedTotp(state, accountId) !== undefined,

    async beginTotp(box, audit) {
      if (!mayAct(audit)) return refuse('token_revoked');
      if (confirmedTotp(state, audit.actorId)) return refuse('factor_enrolled');
      const counts = { lastStep: 0, wrongCodes: 0, triedAt: [] };
      state.totps.set(audit.actorId, { box, createdAt: audit.now, confirmedAt: null, ...counts });
      return 'pending';
    },

    pendingTotp: async (accountId, now) => pending(accountId, now)?.box,

    async confirmTotp({ box, step, recoveryCodeHashes }, notice, audit) {
      const { actorId, now } = audit;
      if (!mayAct(audit)) return refuse('token_revoked');
      const totp = pending(actorId, now);
      if (totp?.box !== box) return refuse('factor_not_pending');
      record(state, 'factor.enrolled', actorId, audit, { factor: 'totp' });
      tellOwner(state, notice, actorId, audit);
      state.totps.set(actorId, { ...totp, confirmedAt: now, lastStep: step });
      state.recoveryCodes.set(actorId, new Set(recoveryCodeHashes));
      const session = state.sessions.get(audit.sessionId);
      if (session?.accountId === actorId && isOneFactor(session.authentication))
        setMethods(state, session.id, ['pwd', 'otp', 'mfa']);
      return 'confirmed';
    },

    async removeTotp(notice, audit) {
      const { actorId } = audit;
      if (!mayAct(audit)) return refuse('token_revoked');
      if (!confirmedTotp(state, actorId)) return refuse('factor_not_found');
      tellOwner(state, notice, actorId, audit);
      deleteTotp(state, actorId, audit);
      return 'removed';
    },

    async replaceRecoveryCodes(hashes, notice, audit) {
      const { actorId } = audit;
      if (!mayAct(audit)) return refuse('token_revoked');
      if (!confirmedTotp(state, actorId)) return refuse('factor_not_found');
      record(state, 'recovery_codes.made', actorId, audit);
      tellOwner(state, notice, actorId, audit);
      state.recoveryCodes.set(actorId, new Set(hashes));
      return 'replaced';
    },

    async removeAll(accountId, notice, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      if (!state.accounts.has(accountId)) return refuse('account_not_found');
      if (confirmedTotp(state, accountId)) tellOwner(state, notice, accountId, audit);
      deleteTotp(state, accountId, audit);
      return 'removed';
    },
  };
}

function tellOwner(state: State, notice: NewMail | undefined, accountId: number, audit: AuthorizedContext): void {
  const account = state.accounts.get(accountId);
  if (account) queueMail(state, notice, account, audit);
}

/** Removes the app, confirmed or not, with its codes. Sessions that proved a second factor have proven one. */
function deleteTotp(state: State, accountId: number, audit: AuthorizedContext): void {
  if (confirmedTotp(state, accountId)) record(state, 'factor.removed', accountId, audit, { factor: 'totp' });
  state.totps.delete(accountId);
  state.recoveryCodes.delete(accountId);
  for (const { id, accountId: owner } of state.sessions.values())
    if (owner === accountId) setMethods(state, id, ['pwd']);
}

const isOneFactor = ({ methods }: Authentication): boolean => methods.join(' ') === 'pwd';

function setMethods(state: State, sessionId: string, methods: Authentication['methods']): void {
  const session = state.sessions.get(sessionId);
  if (session) state.sessions.set(sessionId, { ...session, authentication: { ...session.authentication, methods } });
}
