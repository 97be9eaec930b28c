// Changes of an account's names and data in memory: its last name stays, and a changed email has its limit and its
// mails.
import type { Account, Identifier, Identity, NameTaken } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import type { AuditContext } from '../../../src/domain/audit-context.ts';
import { EMAIL_CHANGES_WINDOW_MS, type EmailChangeMails, MAX_EMAIL_CHANGES } from '../../../src/domain/email/change.ts';
import { type Refusal, refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { queueMail } from './mails.ts';
import { endTokens, isReserved } from './one-time-tokens.ts';
import { changedFields, givenOf, type State } from './state.ts';

type Change = { readonly [K in 'username' | 'email' | 'data']?: Account[K] | undefined };

/** Changes an account; undefined where no name would be left. */
export function update(
  state: State,
  account: Account,
  change: Change,
  mails: EmailChangeMails,
  audit: AuditContext,
): Account | NameTaken | Refusal<'too_many_requests'> | undefined {
  const wanted = { ...account, ...givenOf<Account>(change), updatedAt: audit.now };
  if (wanted.username === null && wanted.email === null) return undefined;
  const changesEmail = keyOfEmail(wanted) !== keyOfEmail(account);
  const refusal = (changesEmail && refuseEmailChange(state, wanted, audit.now)) || nameTaken(state, wanted, account.id);
  if (refusal) return refusal;
  const fields = changedFields<Account>(account, change, ['email', 'username', 'data']);
  if (fields.length > 0) record(state, 'account.updated', account.id, audit, { fields });
  if (changesEmail) changeEmail(state, account, wanted, mails, audit);
  const changed = changesEmail ? { ...wanted, emailVerified: false } : wanted;
  state.accounts.set(account.id, changed);
  return changed;
}

const keyOfEmail = ({ email }: Identity): string | null => (email === null ? null : foldKey(email));

/** Why the email may not be changed to this one now. */
function refuseEmailChange(
  state: State,
  { id, email }: Account,
  now: number,
): Refusal<'email_taken' | 'too_many_requests'> | undefined {
  if (isReserved(state, email, id, now)) return refuse('email_taken');
  const { count, since } = changesInWindow(state, id, now);
  if (count < MAX_EMAIL_CHANGES) return undefined;
  const seconds = Math.ceil((since + EMAIL_CHANGES_WINDOW_MS - now) / 1000);
  return refuse('too_many_requests', { retryAfterSeconds: Math.max(1, seconds) });
}

function changesInWindow(state: State, accountId: number, now: number) {
  const changes = state.emailChanges.get(accountId);
  return changes && changes.since > now - EMAIL_CHANGES_WINDOW_MS ? changes : { count: 0, since: now };
}

function changeEmail(
  state: State,
  before: Account,
  after: Account,
  { notice, verification }: EmailChangeMails,
  audit: AuditContext,
): void {
  const { count, since } = changesInWindow(state, before.id, audit.now);
  state.emailChanges.set(before.id, { count: count + 1, since });
  record(state, 'email.changed', before.id, audit);
  endTokens(state, before.id, ['verify_email', 'reset_password'], audit.now);
  if (before.emailVerified) queueMail(state, notice, before, audit);
  queueMail(state, verification, after, audit);
}

export function findNamed(state: State, identifier: Identifier): Account | undefined {
  const isSame = (name: string | null, wanted: string) => name !== null && foldKey(name) === foldKey(wanted);
  return [...state.accounts.values()].find(({ username, email }) =>
    'email' in identifier ? isSame(email, identifier.email) : isSame(username, identifier.username),
  );
}

/** The names that another account than `ownId` has. */
export function nameTaken(state: State, { username, email }: Identity, ownId?: number): NameTaken | undefined {
  const isTaken = (identifier: Identifier) => (findNamed(state, identifier)?.id ?? ownId) !== ownId;
  if (username !== null && isTaken({ username })) return refuse('username_taken');
  return email !== null && isTaken({ email }) ? refuse('email_taken') : undefined;
}
