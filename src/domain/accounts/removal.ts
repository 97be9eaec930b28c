// Deleting an account: its address is told, by a mail that outlives it.
import type { AuthorizedContext } from '../audit-context.ts';
import { type Mailing, mailsIn, newMail } from '../mail/mail.ts';
import type { Accounts } from './account.ts';

/** Deletes an account with its sessions and private entities. */
export async function removeAccount(
  { accounts, mailing }: { readonly accounts: Accounts; readonly mailing: Mailing },
  id: number,
  audit: AuthorizedContext,
): Promise<'removed' | 'last_admin' | 'not_found'> {
  const notice = newMail(mailing, 'account_deleted', {}, audit.now);
  const removed = await accounts.remove(id, notice, audit);
  if (removed === 'removed') mailing.deliverSoon(mailsIn([notice]), audit.now);
  return removed;
}
