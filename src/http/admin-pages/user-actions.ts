// What an admin can do to an account, each with the words that ask before and tell after.
import type { Account } from '../../domain/accounts/account.ts';
import type { Act } from '../../domain/audit/event.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Ports } from '../context.ts';

export interface UserAction {
  /** In the path of the page that asks. */
  readonly path: 'deactivate' | 'activate' | 'make-admin' | 'demote' | 'end-sessions';
  readonly question: (name: string) => string;
  readonly consequence: string;
  readonly button: string;
  readonly danger: boolean;
  readonly done: string;
  readonly run: (ports: Ports, account: Account, act: Act) => Promise<unknown>;
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
    run: ({ administration }, { id }, act) => administration.change(id, { active: false }, act),
  },
  {
    path: 'activate',
    question: (name) => `Activate ${name}?`,
    consequence: 'The account can sign in again. Sessions that ended stay ended.',
    button: 'Activate',
    danger: false,
    done: 'Activated. The account can sign in again.',
    run: ({ administration }, { id }, act) => administration.change(id, { active: true }, act),
  },
  {
    path: 'make-admin',
    question: (name) => `Make ${name} an admin?`,
    consequence: 'They will see and change everything here: settings, accounts, entities, and who is an admin.',
    button: 'Make admin',
    danger: true,
    done: 'The account is an admin now.',
    run: ({ administration }, { id }, act) => administration.change(id, { role: 'admin' }, act),
  },
  {
    path: 'demote',
    question: (name) => `Take the admin role from ${name}?`,
    consequence: 'They lose these pages and the administration API at once. Their account and its sessions stay.',
    button: 'Take the role away',
    danger: true,
    done: 'The account is no admin any more.',
    run: ({ administration }, { id }, act) => administration.change(id, { role: 'user' }, act),
  },
  {
    path: 'end-sessions',
    question: (name) => `End every session of ${name}?`,
    consequence:
      'They are signed out everywhere and can sign in again. Access tokens already given live to their own expiry, which is soon.',
    button: 'End all sessions',
    danger: true,
    done: 'Every session of the account has ended.',
    run: ({ sessions }, { id }, act) => sessions.revokeAll(id, null, 'by_admin', act),
  },
];

const SESSION_ENDED = 'The session has ended.';

/** What was done, for the page that is shown next; only words of ours, whatever the address says. */
export const doneWords = (done: string | undefined): string | undefined =>
  done === 'end' ? SESSION_ENDED : USER_ACTIONS.find(({ path }) => path === done)?.done;

/** Runs an action; undefined where it did what it says. */
export async function perform(
  action: UserAction,
  ports: Ports,
  account: Account,
  act: Act,
): Promise<Refusal | undefined> {
  const outcome = await action.run(ports, account, act);
  return isRefusal(outcome) ? (outcome as Refusal) : undefined; // of the reasons that the port names
}
