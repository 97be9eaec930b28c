// Removing factors, by their owner or by an admin. The owner is notified.
import type { AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, newMail } from '../mail/mail.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { Factors } from './factor.ts';

interface RemovalPorts {
  readonly factors: Factors;
  readonly mailing: Mailing;
}

/** Removes the caller's authenticator app with its recovery codes. */
export async function removeTotp(
  { factors, mailing }: RemovalPorts,
  audit: AuthorizedContext,
): Promise<'removed' | Refusal<'factor_not_found' | 'token_revoked'>> {
  const notice = newMail(mailing, 'factor_removed', { factor: 'totp' }, audit.now);
  const removed = await factors.removeTotp(notice, audit);
  if (!isRefusal(removed)) mailing.deliverSoon(mailsIn([notice]), audit.now);
  return removed;
}

/** Removes every factor of an account, as an admin, for an owner who lost them. */
export async function removeAllFactors(
  { factors, mailing }: RemovalPorts,
  accountId: number,
  audit: AuthorizedContext,
): Promise<'removed' | Refusal<'account_not_found' | 'token_revoked' | 'forbidden'>> {
  const notice = newMail(mailing, 'factor_removed', { factor: 'all' }, audit.now);
  const removed = await factors.removeAll(accountId, notice, audit);
  if (!isRefusal(removed)) mailing.deliverSoon(mailsIn([notice]), audit.now);
  return removed;
}
