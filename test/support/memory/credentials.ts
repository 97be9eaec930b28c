// Password credentials in memory: a changed password ends every other session.
import type { PasswordCredentials } from '../../../src/domain/passwords/change.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { holds, isLive } from './conditions.ts';
import { clearGuess } from './password-guesses.ts';
import { endSessions } from './sessions.ts';
import type { State } from './state.ts';

export const credentialsIn = (state: State): PasswordCredentials => ({
  async replace({ passwordHash, guess }, newHash, keepSessionId, audit) {
    const { accountId } = audit.authority;
    const account = state.accounts.get(accountId);
    clearGuess(state, guess);
    if (!account || !holds(state, audit.authority, audit.now)) return refuse('token_revoked');
    if (state.passwords.get(accountId) !== passwordHash) return refuse('wrong_password');
    record(state, 'password.changed', accountId, audit);
    state.passwords.set(accountId, newHash);
    state.accounts.set(accountId, { ...account, updatedAt: audit.now });
    endSessions(
      state,
      (session) => session.accountId === accountId && session.id !== keepSessionId && isLive(state, session, audit.now),
      { action: 'session.revoked', reason: 'password_changed' },
      audit,
    );
    return 'replaced';
  },
});
