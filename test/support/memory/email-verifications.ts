// The verification of emails in memory.
import type { EmailVerifications } from '../../../src/domain/email/verification.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { holds } from './conditions.ts';
import { requestMail } from './mails.ts';
import { endTokens, ownerOf, retryAfter } from './one-time-tokens.ts';
import type { State } from './state.ts';

export const emailVerificationsIn = (state: State): EmailVerifications => ({
  async request(mail, audit) {
    const account = state.accounts.get(audit.actorId);
    if (!account || !holds(state, audit.authority, audit.now)) return refuse('token_revoked');
    if (account.email === null) return refuse('no_email');
    if (account.emailVerified) return refuse('email_verified');
    if (requestMail(state, mail, account, audit)) return 'queued';
    const retryAfterSeconds = retryAfter(state, account.id, 'verify_email', audit.now);
    return refuse('too_many_requests', { retryAfterSeconds });
  },

  async find(tokenId, now) {
    const account = ownerOf(state, tokenId, 'verify_email', now);
    const signUp = state.events.find(
      ({ action, accountId }) => action === 'account.registered' && accountId === account?.id,
    );
    return account && { account, userAgent: signUp?.userAgent ?? null };
  },

  async verify(tokenId, audit) {
    const account = ownerOf(state, tokenId, 'verify_email', audit.now);
    if (!account) return undefined;
    record(state, 'email.verified', account.id, { ...audit, actorId: account.id });
    markVerified(state, account.id, audit.now);
    endTokens(state, account.id, ['verify_email'], audit.now);
    return account.email ?? undefined;
  },
});

export function markVerified(state: State, accountId: number, now?: number): void {
  const account = state.accounts.get(accountId);
  if (!account) return;
  state.accounts.set(accountId, { ...account, emailVerified: true, updatedAt: now ?? account.updatedAt });
  state.everVerified.add(accountId);
}
