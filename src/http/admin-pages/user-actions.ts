// The actions of admins on an account, each with its question and its confirmation.
import type { Account } from '../../domain/accounts/account.ts';
import { removeOther } from '../../domain/accounts/removal.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
import { removeAllFactors } from '../../domain/factors/removal.ts';
import { sendResetMail } from '../../domain/passwords/recovery.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Ports } from '../context.ts';

export interface UserAction {
  /** The last segment of its page's path. */
  readonly path:
    | 'deactivate'
    | 'activate'
    | 'make-admin'
    | 'demote'
    | 'end-sessions'
    | 'send-reset'
    | 'remove-factors'
    | 'delete';
  readonly question: (name: string) => string;
  readonly consequence: string;
  readonly button: string;
  readonly danger: boolean;
  readonly done: string;
  /** Whether it asks for recent credentials where REAUTHENTICATE_FOR_CHANGES is true. */
  readonly isSensitive?: true;
  /** Where to go afterwards, if not to the account. */
  readonly next?: string;
  readonly run: (ports: Ports, account: Account, audit: AuthorizedContext) => Promise<unknown>;
}

export const USER_ACTIONS: readonly UserAction[] = [
  {
    path: 'deactivate',
    question: (name) => `Deactivate ${name}?`,
    consequence:
      'Every session ends at once, and no login works until the account is activated again. Nothing is deleted.',
    button: 'Deactivate',
    danger: true,
    done: 'Deactivated. Every session of the account has ended.',
    run: ({ administration }, { id }, audit) => administration.change(id, { active: false }, audit),
  },
  {
    path: 'activate',
    question: (name) => `Activate ${name}?`,
    consequence: 'The account can sign in again. Sessions that ended stay ended.',
    button: 'Activate',
    danger: false,
    done: 'Activated. The account can sign in again.',
    run: ({ administration }, { id }, audit) => administration.change(id, { active: true }, audit),
  },
  {
    path: 'make-admin',
    question: (name) => `Make ${name} an admin?`,
    consequence: 'They can see and change everything here: settings, accounts, entities, and who is an admin.',
    button: 'Make admin',
    danger: true,
    done: 'The account is an admin now.',
    isSensitive: true,
    run: ({ administration }, { id }, audit) => administration.change(id, { role: 'admin' }, audit),
  },
  {
    path: 'demote',
    question: (name) => `Take the admin role from ${name}?`,
    consequence: 'They lose these pages and the administration API at once. Their account and its sessions stay.',
    button: 'Take the role away',
    danger: true,
    done: 'The account is no longer an admin.',
    isSensitive: true,
    run: ({ administration }, { id }, audit) => administration.change(id, { role: 'user' }, audit),
  },
  {
    path: 'end-sessions',
    question: (name) => `End every session of ${name}?`,
    consequence:
      'They are signed out everywhere and can sign in again. Access tokens stay valid until they expire, which is ' +
      'soon.',
    button: 'End all sessions',
    danger: true,
    done: 'Every session of the account has ended.',
    run: ({ sessions }, { id }, audit) => sessions.revokeAll(id, null, 'by_admin', audit),
  },
  {
    path: 'send-reset',
    question: (name) => `Send ${name} a link to set a new password?`,
    consequence:
      'The link goes to the email of the account and works for 30 minutes. The password stays as it is until the ' +
      'link is used.',
    button: 'Send the link',
    danger: false,
    done: 'The mail is on its way.',
    isSensitive: true,
    run: (ports, { id }, audit) => sendResetMail(ports, id, audit),
  },
  {
    path: 'remove-factors',
    question: (name) => `Remove the second factors of ${name}?`,
    consequence:
      'Their authenticator app, its recovery codes and every passkey are removed, and they are notified by mail. ' +
      'Their password alone signs them in then: do it only if you are sure that they lost them.',
    button: 'Remove them',
    danger: true,
    done: 'The account has no second factor and no passkey any more.',
    isSensitive: true,
    run: (ports, { id }, audit) => removeAllFactors(ports, id, audit),
  },
  {
    path: 'delete',
    question: (name) => `Delete ${name}?`,
    consequence:
      'The account, its sessions and its private entities are deleted for good; its public entities stay without an ' +
      'owner. Its address is notified by mail.',
    button: 'Delete for good',
    danger: true,
    done: 'The account was deleted.',
    isSensitive: true,
    next: '/admin/users',
    run: (ports, { id }, audit) => removeOther(ports, id, audit),
  },
];

/** Confirmations of actions that have pages of their own. */
const OTHERS: Readonly<Record<string, string>> = {
  end: 'The session has ended.',
  everybody: 'Every session but yours has ended.',
  invite: 'Invited. The mail is on its way.',
};

/** The confirmation on the next page. The address only selects one of these texts. */
export const confirmationOf = (done: string | undefined): string | undefined =>
  done !== undefined && Object.hasOwn(OTHERS, done)
    ? OTHERS[done]
    : USER_ACTIONS.find(({ path }) => path === done)?.done;

/** Runs an action; undefined if it succeeded. */
export async function perform(
  action: UserAction,
  ports: Ports,
  account: Account,
  audit: AuthorizedContext,
): Promise<Refusal | undefined> {
  const outcome = await action.run(ports, account, audit);
  return isRefusal(outcome) ? (outcome as Refusal) : undefined; // of the port's reasons
}
