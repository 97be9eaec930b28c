// Recovering passwords in memory.
import type { PasswordRecovery } from '../../../src/domain/passwords/recovery.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { findNamed } from './account-changes.ts';
import { record } from './audit-trail.ts';
import { activeAccount, refuseEnded } from './conditions.ts';
import { markVerified } from './email-verifications.ts';
import { deleteFactorsSince } from './factor-removal.ts';
import { queueMail, requestMail } from './mails.ts';
import { endTokens, ownerOf, retryAfter } from './one-time-tokens.ts';
import { endAllSessions } from './session-endings.ts';
import type { State } from './state.ts';

export const recoveryIn = (state: State): PasswordRecovery => ({
  async request(email, mail, audit) {
    const account = findNamed(state, { email });
    record(state, 'password.reset_requested', account?.id ?? null, audit);
    if (account?.active) requestMail(state, mail, account, audit);
  },

  async requestFor(accountId, mail, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const account = activeAccount(state, accountId);
    if (!account || account.email === null) return refuse('no_email');
    if (!requestMail(state, mail, account, audit)) {
      const retryAfterSeconds = retryAfter(state, accountId, 'reset_password', audit.now);
      return refuse('too_many_requests', { retryAfterSeconds });
    }
    record(state, 'password.reset_requested', accountId, audit);
    return 'queued';
  },

  async find(tokenId, now) {
    const account = ownerOf(state, tokenId, 'reset_password', now);
    return account && { email: account.email ?? '', username: account.username };
  },

  async reset(tokenId, newHash, notice, audit) {
    const account = ownerOf(state, tokenId, 'reset_password', audit.now);
    if (!account) return undefined;
    const { id } = account;
    const context = { ...audit, actorId: id };
    record(state, 'password.reset', id, context);
    endAllSessions(state, { accountId: id, exceptId: null, reason: 'password_reset' }, context);
    state.passwords.set(id, newHash);
    // The factors of an account whose address was never verified may be a stranger's.
    deleteFactorsSince(state, id, state.everVerified.has(id) ? Number.POSITIVE_INFINITY : 0);
    for (const [key, { subject }] of state.guesses) if (subject === `account:${id}`) state.guesses.delete(key);
    queueMail(state, notice, account, audit);
    markVerified(state, id, audit.now);
    endTokens(state, id, ['verify_email', 'reset_password'], audit.now);
    return 'reset';
  },
});
