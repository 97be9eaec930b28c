// Passkeys in memory: a challenge works once, a counter must rise, and a way to sign in is always left.
import type { AuditContext, AuthorizedContext } from '../../../src/domain/audit-context.ts';
import type { VerifiedChallenge } from '../../../src/domain/passkeys/challenge.ts';
import type { Passkey, PasskeyEvidence, Passkeys } from '../../../src/domain/passkeys/passkey.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { holds } from './conditions.ts';
import { deletePasskey, passkeysOf } from './factor-removal.ts';
import { queueMail } from './mails.ts';
import type { State, StoredPasskey } from './state.ts';

export function passkeysIn(state: State): Passkeys {
  const mayAct = ({ authority, now }: AuthorizedContext) => holds(state, authority, now);
  const owned = (id: string, { actorId }: AuthorizedContext) => {
    const passkey = state.passkeys.get(id);
    return passkey?.accountId === actorId ? passkey : undefined;
  };

  return {
    descriptors: async (accountId) =>
      passkeysOf(state, accountId).map(({ credentialId, transports }) => ({ credentialId, transports })),

    async find(wanted) {
      const found = [...state.passkeys.values()].find(({ credentialId }) => credentialId === wanted);
      const account = found && state.accounts.get(found.accountId);
      if (!found || !account) return undefined;
      const { id, credentialId, transports, publicKey, backupEligible } = found;
      return { id, credential: { credentialId, transports, publicKey, backupEligible }, account };
    },

    async add(passkey, challenge, notice, audit) {
      const account = state.accounts.get(audit.actorId);
      if (state.usedChallenges.has(challenge.id)) return refuse('invalid_new_passkey');
      // The session that asked for it must be live, whatever the token's use.
      const isLive = mayAct({ ...audit, authority: { ...audit.authority, sessionId: audit.sessionId } });
      const isNew = [...state.passkeys.values()].every(({ credentialId }) => credentialId !== passkey.credentialId);
      if (isLive && !isNew) return refuse('passkey_exists');
      claim(state, challenge);
      if (!account || !isLive) return refuse('token_revoked');
      const stored = { ...passkey, accountId: account.id, createdAt: audit.now, lastUsedAt: null };
      state.passkeys.set(passkey.id, stored);
      record(state, 'passkey.added', account.id, audit, { passkey_id: passkey.id, name: passkey.name });
      queueMail(state, notice, account, audit);
      return listed(stored);
    },

    async rename(id, name, audit) {
      if (!mayAct(audit)) return refuse('token_revoked');
      const passkey = owned(id, audit);
      if (!passkey) return refuse('passkey_not_found');
      state.passkeys.set(id, { ...passkey, name });
      return listed({ ...passkey, name });
    },

    async remove(id, notice, audit) {
      if (!mayAct(audit)) return refuse('token_revoked');
      if (!owned(id, audit)) return refuse('passkey_not_found');
      const others = passkeysOf(state, audit.actorId).length - 1;
      if (others === 0 && !state.passwords.has(audit.actorId)) return refuse('last_credential');
      const account = state.accounts.get(audit.actorId);
      if (account) queueMail(state, notice, account, audit);
      deletePasskey(state, id, audit);
      return 'removed';
    },

    async recordWrong(accountId, audit) {
      record(state, 'login.refused', accountId, audit, { reason: 'invalid_passkey' });
    },
  };
}

export const listed = ({ id, name, createdAt, lastUsedAt, backedUp }: StoredPasskey): Passkey => ({
  id,
  name,
  createdAt,
  lastUsedAt,
  backedUp,
});

/** Claims a challenge; false for one that was claimed before. */
export function claim(state: State, { id, expiresAt }: VerifiedChallenge): boolean {
  if (state.usedChallenges.has(id)) return false;
  state.usedChallenges.set(id, expiresAt);
  return true;
}

/** Whether the passkey is the account's, and its counter has risen since it was used last. */
export function hasRisen(state: State, accountId: number, { passkeyId, counter }: PasskeyEvidence): boolean {
  const passkey = state.passkeys.get(passkeyId);
  if (passkey?.accountId !== accountId) return false;
  return passkey.counter < counter || (passkey.counter === 0 && counter === 0);
}

export function recordUse(state: State, { passkeyId, counter, backedUp }: PasskeyEvidence, now: number): void {
  const passkey = state.passkeys.get(passkeyId);
  if (passkey) state.passkeys.set(passkeyId, { ...passkey, counter, backedUp, lastUsedAt: now });
}

/** Records that a counter went back: the passkey may have been copied. */
export function recordWentBack(state: State, evidence: PasskeyEvidence, audit: AuditContext): void {
  const passkey = state.passkeys.get(evidence.passkeyId);
  if (!passkey || hasRisen(state, passkey.accountId, evidence)) return;
  const detail = { passkey_id: passkey.id, stored: passkey.counter, sent: evidence.counter };
  record(state, 'passkey.counter_went_back', passkey.accountId, audit, detail);
}
