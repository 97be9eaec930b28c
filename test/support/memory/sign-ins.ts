// Sign-ins in memory: a session opens while its account is active and every piece of evidence still holds.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { type Evidence, methodsOf, type Proof } from '../../../src/domain/sign-in/proof.ts';
import type { Overtaken, SignInNeeds, SignIns } from '../../../src/domain/sign-in/sign-in.ts';
import { record } from './audit-trail.ts';
import { isLive } from './conditions.ts';
import { requestMail } from './mails.ts';
import { claim, hasRisen, recordUse, recordWentBack } from './passkeys.ts';
import { clearGuess, rememberNetwork } from './password-guesses.ts';
import { insertSession } from './sessions.ts';
import type { State } from './state.ts';
import { acceptCode, acceptRecoveryCode, confirmedTotp } from './totp.ts';

export const signInsIn = (state: State): SignIns => ({
  async openSession(proof, needs, session, audit) {
    const { id } = proof.account;
    if (!claimChallenges(state, proof)) return { overtaken: 'passkey' };
    const refused = refuseOpening(state, proof, needs);
    if (refused) {
      recordUnused(state, proof, audit);
      return refused;
    }
    const methods = methodsOf(proof);
    insertSession(state, session, id, { methods, at: audit.now }, audit);
    record(state, 'login.succeeded', id, audit, { session_id: session.id, kind: session.kind, amr: methods });
    use(state, proof, audit);
    rememberNetwork(state, id, audit);
    return 'opened';
  },

  async renewSession(proof, audit) {
    const session = state.sessions.get(audit.sessionId);
    if (!claimChallenges(state, proof)) return { overtaken: 'passkey' };
    if (session?.accountId !== proof.account.id || !isLive(state, session, audit.now)) return 'ended';
    const overtaken = firstFailed(state, proof);
    if (overtaken) {
      recordUnused(state, proof, audit);
      return overtaken;
    }
    state.sessions.set(session.id, { ...session, authentication: { methods: methodsOf(proof), at: audit.now } });
    use(state, proof, audit);
    return 'renewed';
  },

  async recordRefusal(proof, reason, mail, audit) {
    if (!claimChallenges(state, proof)) return;
    record(state, 'login.refused', proof.account.id, audit, { reason });
    use(state, proof, audit);
    const account = state.accounts.get(proof.account.id);
    if (account && !account.emailVerified) requestMail(state, mail, account, audit);
  },
});

/** Why no session opens on a proof; undefined where one does. */
function refuseOpening(state: State, proof: Proof, needs: SignInNeeds) {
  const account = state.accounts.get(proof.account.id);
  if (account && !account.active) return 'account_disabled';
  if (account && needs.verifiedEmail && !isVerifiedOrNone(account)) return 'email_not_verified';
  return firstFailed(state, proof);
}

const isVerifiedOrNone = ({ email, emailVerified }: Account): boolean => email === null || emailVerified;

/** The first piece of evidence that does not hold any more; undefined where the proof still proves its account. */
function firstFailed(state: State, { account, evidence }: Proof): Overtaken | undefined {
  const failed = evidence.find((each) => !stillHolds(state, account.id, each));
  if (failed) return { overtaken: failed.kind };
  const [first, ...others] = evidence;
  const isTooLittle = first.kind === 'password' && others.length === 0 && confirmedTotp(state, account.id);
  return isTooLittle ? { overtaken: 'password' } : undefined;
}

function stillHolds(state: State, accountId: number, evidence: Evidence): boolean {
  switch (evidence.kind) {
    case 'password':
      return state.passwords.get(accountId) === evidence.passwordHash;
    case 'totp': {
      const totp = confirmedTotp(state, accountId);
      return totp?.box === evidence.box && totp.lastStep < evidence.step;
    }
    case 'recovery_code':
      return state.recoveryCodes.get(accountId)?.has(evidence.hash) ?? false;
    case 'passkey':
      return hasRisen(state, accountId, evidence);
  }
}

/** Claims one-time evidence: a proof whose challenge was claimed before proves nothing. */
const claimChallenges = (state: State, { evidence }: Proof): boolean =>
  evidence.every((each) => each.kind !== 'passkey' || claim(state, each.challenge));

/** The effects of evidence that opened no session. */
function recordUnused(state: State, { evidence }: Proof, audit: AuditContext): void {
  for (const each of evidence) if (each.kind === 'passkey') recordWentBack(state, each, audit);
}

/** The effects of evidence that was used. */
function use(state: State, { account, evidence }: Proof, audit: AuditContext): void {
  for (const each of evidence) {
    if (each.kind === 'password') {
      clearGuess(state, each.guess);
      if (each.rehash !== undefined && stillHolds(state, account.id, each))
        state.passwords.set(account.id, each.rehash);
    }
    if (each.kind === 'totp') acceptCode(state, account.id, { lastStep: each.step, box: each.newBox ?? each.box });
    if (each.kind === 'recovery_code') acceptRecoveryCode(state, account, each, audit);
    if (each.kind === 'passkey' && hasRisen(state, account.id, each)) recordUse(state, each, audit.now);
  }
}
