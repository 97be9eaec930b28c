// Accounts, registrations and profiles in memory.
import type { Account, Accounts, Identifier, Identity, NameTaken } from '../../../src/domain/accounts/account.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import type { Profiles, ProfileTarget } from '../../../src/domain/accounts/profile.ts';
import type { Registrations } from '../../../src/domain/accounts/registration.ts';
import type { AuditContext, AuthorizedContext } from '../../../src/domain/audit-context.ts';
import { isRefusal, refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { activeAccount, holds, isLastAdmin } from './conditions.ts';
import { detachEntities } from './entities.ts';
import { insertSession } from './sessions.ts';
import { givenOf, type State } from './state.ts';

export const accountsIn = (state: State): Accounts => ({
  findActive: async (id) => activeAccount(state, id),
  findAuthorized: async (authority, now) =>
    holds(state, authority, now) ? state.accounts.get(authority.accountId) : undefined,

  async rename(change, audit) {
    const account = state.accounts.get(audit.actorId);
    return account && holds(state, audit.authority, audit.now) ? update(state, account, change, audit) : undefined;
  },

  async remove(id, audit) {
    const isOwnOrAdmins = id === audit.actorId || audit.authority.role === 'admin';
    if (!isOwnOrAdmins || !holds(state, audit.authority, audit.now) || !state.accounts.has(id)) return 'not_found';
    if (isLastAdmin(state, id)) return 'last_admin';
    record(state, 'account.deleted', id, audit);
    detachEntities(state, id, audit.now);
    state.accounts.delete(id);
    state.passwords.delete(id);
    for (const session of state.sessions.values()) if (session.accountId === id) state.sessions.delete(session.id);
    return 'removed';
  },
});

export const registrationsIn = (state: State): Registrations => ({
  taken: async (identity) => nameTaken(state, identity),

  async add({ passwordHash, ...fields }, session, audit) {
    const taken = nameTaken(state, fields);
    if (taken) return taken;
    const id = state.nextId();
    const account: Account = { ...fields, id, role: 'user', active: true, createdAt: audit.now, updatedAt: audit.now };
    state.accounts.set(id, account);
    state.passwords.set(id, passwordHash);
    record(state, 'account.registered', id, { ...audit, actorId: id });
    if (session) insertSession(state, session, id, audit);
    return account;
  },
});

export const profilesIn = (state: State): Profiles => ({
  find: async (target, audit) => targetOf(state, target, audit),

  async replace(target, change, expected, audit) {
    const account = targetOf(state, target, audit);
    if (!account || (expected !== 'any' && JSON.stringify(expected) !== JSON.stringify(account.data))) return undefined;
    const replaced = update(state, account, change, audit);
    return isRefusal(replaced) ? refuse('email_taken') : replaced; // the only name that changes
  },
});

function targetOf(state: State, target: ProfileTarget, { authority, now }: AuthorizedContext): Account | undefined {
  if (!holds(state, authority, now)) return undefined;
  return target === 'own' ? state.accounts.get(authority.accountId) : findNamed(state, target);
}

/** Changes an account; undefined where no name would be left. */
function update(
  state: State,
  account: Account,
  change: { readonly [K in keyof Account]?: Account[K] | undefined },
  audit: AuditContext,
): Account | NameTaken | undefined {
  const changed = { ...account, ...givenOf<Account>(change), updatedAt: audit.now };
  if (changed.username === null && changed.email === null) return undefined;
  const taken = nameTaken(state, changed, account.id);
  if (taken) return taken;
  state.accounts.set(account.id, changed);
  record(state, 'account.updated', account.id, audit);
  return changed;
}

export function findNamed(state: State, identifier: Identifier): Account | undefined {
  const isSame = (name: string | null, wanted: string) => name !== null && foldKey(name) === foldKey(wanted);
  return [...state.accounts.values()].find(({ username, email }) =>
    'email' in identifier ? isSame(email, identifier.email) : isSame(username, identifier.username),
  );
}

/** Which of the names another account than `ownId` has. */
function nameTaken(state: State, { username, email }: Identity, ownId?: number): NameTaken | undefined {
  const isTaken = (identifier: Identifier) => (findNamed(state, identifier)?.id ?? ownId) !== ownId;
  if (username !== null && isTaken({ username })) return refuse('username_taken');
  return email !== null && isTaken({ email }) ? refuse('email_taken') : undefined;
}
