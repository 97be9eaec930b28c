// Queued mails in memory, and the one-time tokens of their links.
import type { Account } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { NewMail } from '../../../src/domain/mail/mail.ts';
import { endTokens, mayRequest } from './one-time-tokens.ts';
import type { State } from './state.ts';

/** Queues a mail to the account's email, and makes the row of its token. An account without an email gets none. */
export function queueMail(
  state: State,
  mail: NewMail | undefined,
  { id: accountId, email }: Pick<Account, 'id' | 'email'>,
  { now, ip, userAgent }: AuditContext,
): void {
  if (!mail || email === null) return;
  const { id, kind, token } = mail;
  const detail = { ...mail.detail, ip, userAgent };
  const queued = { id, kind, accountId, recipient: email, detail, tokenId: token?.id ?? null };
  state.mails.set(id, { ...queued, createdAt: now, attempts: 0, dueAt: now, lastError: null, givenUpAt: null });
  if (!token) return;
  const stored = { ...token, accountId, email, emailKey: foldKey(email), createdAt: now, endedAt: null };
  state.oneTimeTokens.set(token.id, stored);
}

/** The same for a mail that somebody asked for, within the account's limit: whether it is queued. */
export function requestMail(state: State, mail: NewMail | undefined, account: Account, audit: AuditContext): boolean {
  const { id, email } = account;
  if (!mail?.token || email === null || !mayRequest(state, id, mail.token.purpose, audit.now)) return false;
  // The earlier link ends.
  endTokens(state, id, [mail.token.purpose], audit.now);
  queueMail(state, mail, account, audit);
  return true;
}
