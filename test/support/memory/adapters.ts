// Adapters of the domain's ports for a test, and what only an operator could do to what they hold.
import { type DomainPorts, portsIn } from './ports.ts';
import { insertSession } from './sessions.ts';
import { newState } from './state.ts';

export interface Adapters extends DomainPorts {
  /** Makes an account an admin past every rule, as `npm run admin` does. */
  makeAdmin(accountId: number): Promise<void>;
  /** Leaves an account without a password. */
  removePassword(accountId: number): Promise<void>;
  /** Adds so many live sessions to an account, faster than it could sign in. */
  addSessions(accountId: number, count: number, expiresAt: number): Promise<void>;
  /** Waits for what the adapters do after a response is sent. */
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
    async removePassword(accountId) {
      state.passwords.delete(accountId);
    },
    async addSessions(accountId, count, expiresAt) {
      const context = { actorId: accountId, now: 0, ip: null, userAgent: null };
      for (let added = 0; added < count; added += 1)
        insertSession(state, { id: `${added}`, kind: 'session', tokenHash: null, expiresAt }, accountId, context);
    },
    settled: async () => {},
  };
}
