// What an admin can do to an account, with the texts that ask before and confirm after.
import type { Account } from '../../domain/accounts/account.ts';
import type { AuthorizedContext } from '../../domain/audit-context.ts';
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
  /** Whether it asks for recent credentials where REAUTHENTICATE_FOR_CHANGES is true. */
  readonly changesRole?: true;
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
    changesRole: true,
    run: ({ administration }, { id }, audit) => administration.change(id, { role: 'admin' }, audit),
  },
  {
    path: 'demote',
    question: (name) => `Take the admin role from ${name}?`,
    consequence: 'They lose these pages and the administration API at once. Their account and its sessions stay.',
    button: 'Take the role away',
    danger: true,
    done: 'The account is no longer an admin.',
    changesRole: true,
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
];

const SESSION_ENDED = 'The session has ended.';

/** The confirmation on the next page. The address selects it and cannot change it. */
export const confirmationOf = (done: string | undefined): string | undefined =>
  done === 'end' ? SESSION_ENDED : USER_ACTIONS.find(({ path }) => path === done)?.done;

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
