// Accounts, registrations and profiles in memory.
import type { Account, Accounts, NameTaken } from '../../../src/domain/accounts/account.ts';
import type { Profiles, ProfileTarget } from '../../../src/domain/accounts/profile.ts';
import type { NewAccount, Registrations } from '../../../src/domain/accounts/registration.ts';
import type { AuthorizedContext } from '../../../src/domain/audit-context.ts';
import { isRefusal, refuse } from '../../../src/domain/refusal.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { findNamed, nameTaken, update } from './account-changes.ts';
import { record } from './audit-trail.ts';
import { activeAccount, holds, isLastAdmin, refuseEnded } from './conditions.ts';
import { detachEntities } from './entities.ts';
import { queueMail } from './mails.ts';
import { isReserved } from './one-time-tokens.ts';
import { insertSession } from './sessions.ts';
import type { State } from './state.ts';

export const accountsIn = (state: State): Accounts => ({
  findActive: async (id) => activeAccount(state, id),
  findAuthorized: async (authority, now) =>
    holds(state, authority, now) ? state.accounts.get(authority.accountId) : undefined,

  async rename({ username, email }, mails, audit) {
    const account = state.accounts.get(audit.actorId);
    if (!account || !holds(state, audit.authority, audit.now)) return undefined;
    return update(state, account, { username, email }, mails, audit);
  },

  async remove(id, audit, notice) {
    const isOwnOrAdmins = id === audit.actorId || audit.authority.role === 'admin';
    if (!isOwnOrAdmins || !holds(state, audit.authority, audit.now) || !state.accounts.has(id)) return 'not_found';
    if (isLastAdmin(state, id)) return 'last_admin';
    const account = state.accounts.get(id);
    if (account) queueMail(state, notice, account, audit);
    record(state, 'account.deleted', id, audit);
    removeAll(state, id, audit.now);
    return 'removed';
  },
});

/** Removes an account and what it owns, at once. */
function removeAll(state: State, id: number, now: number): void {
  detachEntities(state, id, now);
  state.accounts.delete(id);
  const { passwords, totps, recoveryCodes, emailChanges, everVerified, imports } = state;
  for (const rows of [passwords, totps, recoveryCodes, emailChanges, everVerified, imports]) rows.delete(id);
  const { sessions, oneTimeTokens, passkeys, knownNetworks, codes, grants, importedTokens } = state;
  for (const rows of [sessions, oneTimeTokens, passkeys, knownNetworks, codes, grants, importedTokens])
    for (const [key, { accountId }] of rows) if (accountId === id) rows.delete(key);
  for (const [gameId, game] of state.games) if (game.ownerId === id) state.games.delete(gameId);
}

export const registrationsIn = (state: State): Registrations => ({
  taken: async (identity, now) =>
    nameTaken(state, identity) ??
    (isReserved(state, identity.email, undefined, now) ? refuse('email_taken') : undefined),

  async add({ passwordHash, ...fields }, session, mail, audit) {
    const account = insertAccount(state, fields, audit.now);
    if (isRefusal(account)) return account;
    const { id } = account;
    state.passwords.set(id, passwordHash);
    record(state, 'account.registered', id, { ...audit, actorId: id });
    if (session) insertSession(state, session, id, byPassword(audit.now), audit);
    queueMail(state, mail, account, audit);
    return account;
  },

  async invite({ email, mail }, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const account = insertAccount(state, { username: null, email, data: {} }, audit.now);
    if (isRefusal(account)) return account;
    record(state, 'account.registered', account.id, audit);
    queueMail(state, mail, account, audit);
    return account;
  },
});

function insertAccount(state: State, fields: Omit<NewAccount, 'passwordHash'>, now: number): Account | NameTaken {
  if (isReserved(state, fields.email, undefined, now)) return refuse('email_taken');
  const taken = nameTaken(state, fields);
  if (taken) return taken;
  const id = state.nextId();
  const times = { createdAt: now, updatedAt: now };
  const account: Account = { ...fields, id, emailVerified: false, role: 'user', active: true, ...times };
  state.accounts.set(id, account);
  return account;
}

export const profilesIn = (state: State): Profiles => ({
  find: async (target, audit) => targetOf(state, target, audit),

  async replace(target, { email, data }, mails, expected, audit) {
    const account = targetOf(state, target, audit);
    if (!account || (expected !== 'any' && JSON.stringify(expected) !== JSON.stringify(account.data))) return undefined;
    const replaced = update(state, account, { email, data }, mails, audit);
    // The email is the only name that changes.
    return isRefusal(replaced) && replaced.refused === 'username_taken' ? refuse('email_taken') : replaced;
  },
});

function targetOf(state: State, target: ProfileTarget, { authority, now }: AuthorizedContext): Account | undefined {
  if (!holds(state, authority, now)) return undefined;
  return target === 'own' ? state.accounts.get(authority.accountId) : findNamed(state, target);
}
