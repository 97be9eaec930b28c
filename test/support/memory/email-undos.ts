// Undoing changes of email in memory, which ends everything that a thief may have added.
import type { Account } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import type { EmailUndos } from '../../../src/domain/email/undo.ts';
import { findNamed } from './account-changes.ts';
import { record } from './audit-trail.ts';
import { markVerified } from './email-verifications.ts';
import { deleteFactorsSince } from './factor-removal.ts';
import { queueMail } from './mails.ts';
import { endToken, endTokens, ownerOf, tokensOf } from './one-time-tokens.ts';
import { endAllSessions } from './session-endings.ts';
import type { State, StoredToken } from './state.ts';

export function emailUndosIn(state: State): EmailUndos {
  const find = (tokenId: string, now: number) => {
    const account = ownerOf(state, tokenId, 'undo_email', now);
    const token = state.oneTimeTokens.get(tokenId);
    return account && token && { account, token };
  };

  return {
    async find(tokenId, now) {
      const found = find(tokenId, now);
      return found && { email: found.token.email, username: found.account.username, changedAt: found.token.createdAt };
    },

    async undo(tokenId, notice, audit) {
      const found = find(tokenId, audit.now);
      if (!found || isTaken(state, found.account, found.token)) return undefined;
      const { account, token } = found;
      const { id } = account;
      const context = { ...audit, actorId: id };
      const isReplaced = account.email !== null && foldKey(account.email) !== token.emailKey;
      record(state, 'email.undone', id, context);
      if (isReplaced && account.emailVerified) queueMail(state, notice, account, audit);
      endAllSessions(state, { accountId: id, exceptId: null, reason: 'email_undone' }, context);
      deleteFactorsSince(state, id, token.createdAt);
      state.passwords.delete(id);
      endTokens(state, id, ['verify_email', 'reset_password'], audit.now);
      for (const younger of tokensOf(state, id))
        if (younger.createdAt >= token.createdAt) endToken(state, younger, audit.now);
      state.accounts.set(id, { ...account, email: token.email });
      markVerified(state, id, audit.now);
      return token.email;
    },
  };
}

const isTaken = (state: State, { id }: Account, { email }: StoredToken): boolean =>
  (findNamed(state, { email })?.id ?? id) !== id;
