// Password credentials in memory: a changed password ends every other session.
import type { PasswordCredentials } from '../../../src/domain/passwords/change.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { holds } from './conditions.ts';
import { queueMail } from './mails.ts';
import { clearGuess } from './password-guesses.ts';
import { endAllSessions } from './session-endings.ts';
import type { State } from './state.ts';

export const credentialsIn = (state: State): PasswordCredentials => ({
  async replace({ passwordHash, guess }, newHash, keepSessionId, notice, audit) {
    const { accountId } = audit.authority;
    const account = state.accounts.get(accountId);
    clearGuess(state, guess);
    if (!account || !holds(state, audit.authority, audit.now)) return refuse('token_revoked');
    if (state.passwords.get(accountId) !== passwordHash) return refuse('wrong_password');
    record(state, 'password.changed', accountId, audit);
    state.passwords.set(accountId, newHash);
    state.accounts.set(accountId, { ...account, updatedAt: audit.now });
    queueMail(state, notice, account, audit);
    endAllSessions(state, { accountId, exceptId: keepSessionId, reason: 'password_changed' }, audit);
    return 'replaced';
  },
});
