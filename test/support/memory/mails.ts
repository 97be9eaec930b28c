// Queued mails in memory, and the one-time tokens of their links.
import type { Account } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import type { NewMail } from '../../../src/domain/mail/mail.ts';
import { type OneTimePurpose, REQUESTS_PER_HOUR } from '../../../src/domain/one-time-tokens/one-time-token.ts';
import type { State, StoredToken } from './state.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

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
  state.mails.push({ ...queued, createdAt: now, attempts: 0 });
  if (!token) return;
  const stored = { ...token, accountId, emailKey: foldKey(email), createdAt: now, endedAt: null };
  state.oneTimeTokens.set(token.id, stored);
}

/** The same for a mail that somebody asked for, within the account's limit. The link before ends. */
export function requestMail(state: State, mail: NewMail | undefined, account: Account, audit: AuditContext): void {
  if (!mail?.token || !mayRequest(state, account.id, mail.token.purpose, audit.now)) return;
  endTokens(state, account.id, [mail.token.purpose], audit.now);
  queueMail(state, mail, account, audit);
}

function mayRequest(state: State, accountId: number, purpose: OneTimePurpose, now: number): boolean {
  const requests = tokensOf(state, accountId)
    .filter((token) => token.purpose === purpose && token.requested && token.createdAt > now - HOUR_MS)
    .map(({ createdAt }) => createdAt);
  return requests.length < REQUESTS_PER_HOUR && Math.max(0, ...requests) <= now - MINUTE_MS;
}

/** Ends the live tokens of these purposes of an account. */
export function endTokens(state: State, accountId: number, purposes: readonly OneTimePurpose[], now: number): void {
  for (const token of tokensOf(state, accountId))
    if (token.endedAt === null && purposes.includes(token.purpose))
      state.oneTimeTokens.set(token.id, { ...token, endedAt: now });
}

/** Whether an address is reserved for another account than `ownId`, which may still undo a change of it. */
export const isReserved = (state: State, email: string | null, ownId: number | undefined, now: number): boolean =>
  email !== null &&
  [...state.oneTimeTokens.values()].some(
    (token) =>
      token.purpose === 'undo_email' &&
      token.emailKey === foldKey(email) &&
      token.accountId !== ownId &&
      token.endedAt === null &&
      token.expiresAt > now,
  );

const tokensOf = (state: State, accountId: number): readonly StoredToken[] =>
  [...state.oneTimeTokens.values()].filter((token) => token.accountId === accountId);
