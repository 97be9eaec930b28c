// Accounts and sessions made through the ports, with any adapters.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { NewAccount } from '../../../src/domain/accounts/registration.ts';
import type { Guess } from '../../../src/domain/passwords/lockout.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { NewSession } from '../../../src/domain/sessions/session.ts';
import type { Proof } from '../../../src/domain/sign-in/proof.ts';
import type { SignInNeeds } from '../../../src/domain/sign-in/sign-in.ts';
import type { Adapters } from '../memory/adapters.ts';
import { DAY_MS, NOW, nobody } from './contexts.ts';

export const PASSWORD = 'correct horse';
/** A hash of the password, as test/support/hashing.ts makes it. */
export const HASH = `$cheap$00000000-0000-4000-8000-000000000000$${PASSWORD}`;

let count = 0;

/** An account with names that nobody else has, and the password above. */
export async function newAccount(
  { registrations }: Pick<Adapters, 'registrations'>,
  fields: Partial<NewAccount> = {},
  session?: NewSession,
): Promise<Account> {
  count += 1;
  const names = { username: `Person ${count}`, email: `Person.${count}@example.com` };
  const account = { ...names, passwordHash: HASH, data: {}, ...fields };
  const added = await registrations.add(account, session, undefined, nobody());
  if (isRefusal(added)) throw new Error(`no account: ${added.refused}`);
  return added;
}

/** An account that is an admin. */
export async function newAdmin(adapters: Pick<Adapters, 'registrations' | 'makeAdmin'>): Promise<Account> {
  const account = await newAccount(adapters);
  await adapters.makeAdmin(account.id);
  return { ...account, role: 'admin' };
}

export const newSession = (fields: Partial<NewSession> = {}): NewSession => ({
  id: crypto.randomUUID(),
  kind: 'session',
  tokenHash: null,
  expiresAt: NOW + DAY_MS,
  ...fields,
});

/** A guess that nothing counts. */
export const uncounted = (account: Account, passwordHash: string = HASH): Guess => ({
  subject: 'uncounted',
  network: '',
  account,
  passwordHash,
  hasTotp: false,
  lockedUntil: undefined,
  locks: false,
});

/** The default needs of a sign-in: nothing but its proof. */
export const NO_NEEDS: SignInNeeds = { verifiedEmail: false };

/** The proof of the account's password. */
export const proofFor = (account: Account, passwordHash: string = HASH): Proof => ({
  account,
  evidence: [{ kind: 'password', passwordHash, guess: uncounted(account, passwordHash) }],
});

/** Opens a session of an account. */
export async function openSession(
  { signIns }: Pick<Adapters, 'signIns'>,
  account: Account,
  fields: Partial<NewSession> = {},
  now = NOW,
): Promise<NewSession> {
  const session = newSession(fields);
  const outcome = await signIns.openSession(proofFor(account), NO_NEEDS, session, {
    ...nobody(now),
    actorId: account.id,
  });
  if (outcome !== 'opened') throw new Error(`no session: ${JSON.stringify(outcome)}`);
  return session;
}

/** The actions that the audit trail has of an account, oldest first. */
export async function actionsOf({ auditTrail }: Pick<Adapters, 'auditTrail'>, accountId: number) {
  const { items } = await auditTrail.page({ accountId }, undefined, 100);
  return items.map(({ action }) => action).toReversed();
}

/** The newest event of an action, without its id. */
export async function lastEvent(
  { auditTrail }: Pick<Adapters, 'auditTrail'>,
  filter: Parameters<Adapters['auditTrail']['page']>[0],
) {
  const { items } = await auditTrail.page(filter, undefined, 1);
  const { id: _, ...event } = items[0] ?? { id: 0 };
  return event;
}
