// Adapters of the domain's ports for a test, and changes to their data that only an operator could make.
import type { MailKind } from '../../../src/domain/mail/mail.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { markVerified } from './email-verifications.ts';
import { type DomainPorts, portsIn } from './ports.ts';
import { insertSession } from './sessions.ts';
import { newState } from './state.ts';

export interface Adapters extends DomainPorts {
  /** Makes an account an admin past every rule, as `npm run admin` does. */
  makeAdmin(accountId: number): Promise<void>;
  /** Verifies an account's email, as a mailed link does. */
  verifyEmail(accountId: number): Promise<void>;
  /** The mails that are queued for an account: kind and address, the earliest first. */
  queuedMails(accountId: number): Promise<readonly (readonly [kind: MailKind, recipient: string])[]>;
  /** Leaves an account without a password. */
  removePassword(accountId: number): Promise<void>;
  /** Adds a number of live sessions to an account, faster than it could sign in. */
  addSessions(accountId: number, count: number, expiresAt: number): Promise<void>;
  /** Waits for the work that the adapters do after a response is sent. */
  settled(): Promise<void>;
}

/** Empty adapters in memory. */
export function inMemory(): Adapters {
  const state = newState();
  return {
    ...portsIn(state),
    async makeAdmin(accountId) {
      const account = state.accounts.get(accountId);
      if (account) state.accounts.set(accountId, { ...account, role: 'admin' });
    },
    async verifyEmail(accountId) {
      markVerified(state, accountId);
    },
    queuedMails: async (id) =>
      [...state.mails.values()]
        .filter(({ accountId }) => accountId === id)
        .map(({ kind, recipient }) => [kind, recipient]),
    async removePassword(accountId) {
      state.passwords.delete(accountId);
    },
    async addSessions(accountId, count, expiresAt) {
      const context = { actorId: accountId, now: 0, ip: null, userAgent: null };
      for (let added = 0; added < count; added += 1)
        insertSession(
          state,
          { id: `${added}`, kind: 'session', tokenHash: null, expiresAt },
          accountId,
          byPassword(0),
          context,
        );
    },
    settled: async () => {},
  };
}
