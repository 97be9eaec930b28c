// Sign-ins in memory: a session opens while its account is active and every piece of evidence still holds.
import type { Evidence } from '../../../src/domain/sign-in/proof.ts';
import type { SignIns } from '../../../src/domain/sign-in/sign-in.ts';
import { record } from './audit-trail.ts';
import { clearGuess, rememberNetwork } from './password-guesses.ts';
import { insertSession } from './sessions.ts';
import type { State } from './state.ts';

export const signInsIn = (state: State): SignIns => ({
  async openSession({ account: { id }, evidence }, session, audit) {
    const account = state.accounts.get(id);
    const isProven = evidence.every((each) => stillHolds(state, id, each));
    for (const { guess } of evidence) clearGuess(state, guess);
    if (account && !account.active) return 'account_disabled';
    if (!account || !isProven) return 'overtaken';
    insertSession(state, session, id, audit);
    record(state, 'login.succeeded', id, audit, { session_id: session.id, kind: session.kind });
    for (const { rehash } of evidence) if (rehash !== undefined) state.passwords.set(id, rehash);
    rememberNetwork(state, id, audit);
    return 'opened';
  },

  async recordRefusal({ account, evidence }, reason, audit) {
    record(state, 'login.refused', account.id, audit, { reason });
    for (const { guess } of evidence) clearGuess(state, guess);
  },
});

/** A password must still be the one that matched. */
const stillHolds = (state: State, accountId: number, { passwordHash }: Evidence): boolean =>
  state.passwords.get(accountId) === passwordHash;
