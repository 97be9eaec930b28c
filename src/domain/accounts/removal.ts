// Deleting an account. A mail that outlives it notifies its address.
import { type AuthorizedContext, asAdmin } from '../audit-context.ts';
import { type Mailing, mailsIn, newMail } from '../mail/mail.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { Accounts } from './account.ts';

/** Deletes an account with its sessions and private entities. */
export async function removeAccount(
  { accounts, mailing }: { readonly accounts: Accounts; readonly mailing: Mailing },
  id: number,
  audit: AuthorizedContext,
): Promise<'removed' | 'last_admin' | 'not_found'> {
  const notice = newMail(mailing, 'account_deleted', {}, audit.now);
  const removed = await accounts.remove(id, audit, notice);
  if (removed === 'removed') mailing.deliverSoon(mailsIn([notice]), audit.now);
  return removed;
}

/** Deletes somebody else's account, as an admin. */
export async function removeOther(
  ports: { readonly accounts: Accounts; readonly mailing: Mailing },
  id: number,
  audit: AuthorizedContext,
): Promise<'removed' | Refusal<'last_admin' | 'account_not_found' | 'token_revoked' | 'forbidden'>> {
  const removed = await removeAccount(ports, id, asAdmin(audit));
  if (removed === 'removed') return removed;
  if (removed === 'last_admin') return refuse('last_admin');
  const caller = await ports.accounts.findAuthorized({ ...audit.authority, role: null }, audit.now);
  if (!caller) return refuse('token_revoked');
  return refuse(caller.role === 'admin' ? 'account_not_found' : 'forbidden');
}
