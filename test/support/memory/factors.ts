// Factors in memory: authenticator apps with their recovery codes, and the passkeys beside them.
import type { AuthorizedContext } from '../../../src/domain/audit-context.ts';
import { type Factors, PENDING_MS } from '../../../src/domain/factors/factor.ts';
import type { NewMail } from '../../../src/domain/mail/mail.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { Authentication } from '../../../src/domain/sessions/authentication.ts';
import { record } from './audit-trail.ts';
import { holds, refuseEnded } from './conditions.ts';
import { deletePasskey, deleteTotp, hasFactor, passkeysOf, setMethods } from './factor-removal.ts';
import { queueMail } from './mails.ts';
import { listed } from './passkeys.ts';
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
      const passkeys = passkeysOf(state, accountId).map(listed);
      return { totp: createdAt === null ? null : { createdAt }, recoveryCodesLeft, passkeys };
    },

    hasAny: async (accountId) => hasFactor(state, accountId),

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
      state.recoveryCodes.set(actorId, new Map(recoveryCodeHashes.map((hash) => [hash, now])));
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
      state.recoveryCodes.set(actorId, new Map(hashes.map((hash) => [hash, audit.now])));
      return 'replaced';
    },

    async removeAll(accountId, notice, audit) {
      const ended = refuseEnded(state, audit);
      if (ended) return ended;
      if (!state.accounts.has(accountId)) return refuse('account_not_found');
      if (hasFactor(state, accountId)) tellOwner(state, notice, accountId, audit);
      deleteTotp(state, accountId, audit);
      for (const { id } of passkeysOf(state, accountId)) deletePasskey(state, id, audit);
      return 'removed';
    },
  };
}

function tellOwner(state: State, notice: NewMail | undefined, accountId: number, audit: AuthorizedContext): void {
  const account = state.accounts.get(accountId);
  if (account) queueMail(state, notice, account, audit);
}

const isOneFactor = ({ methods }: Authentication): boolean => methods.join(' ') === 'pwd';
