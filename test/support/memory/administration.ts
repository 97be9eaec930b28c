// Administration in memory.
import type { Account } from '../../../src/domain/accounts/account.ts';
import type { Administration } from '../../../src/domain/accounts/administration.ts';
import { foldKey } from '../../../src/domain/accounts/names.ts';
import { pageOf } from '../../../src/domain/page.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { record } from './audit-trail.ts';
import { isLastAdmin, refuseEnded } from './conditions.ts';
import { endAllSessions } from './session-endings.ts';
import { givenOf, type State } from './state.ts';

export const administrationIn = (state: State): Administration => ({
  find: async (id) => state.accounts.get(id),

  async list({ q, role, active }, after, limit) {
    const found = [...state.accounts.values()].filter(
      (account) => (role ?? account.role) === account.role && (active ?? account.active) === account.active,
    );
    if (q) return search(found, foldKey(q), after, limit);
    const older = found.filter(({ id }) => after === undefined || id < Number(after));
    return pageOf(
      older.sort((one, other) => other.id - one.id),
      limit,
      ({ id }) => String(id),
    );
  },

  async names(ids) {
    const found = ids.flatMap((id) => state.accounts.get(id) ?? []);
    return new Map(found.map(({ id, email, username }) => [id, email ?? username ?? `#${id}`]));
  },

  async change(id, change, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const account = state.accounts.get(id);
    if (!account) return refuse('account_not_found');
    const wanted: Account = { ...account, ...givenOf(change) };
    if (wanted.role === account.role && wanted.active === account.active) return account;
    if (isLastAdmin(state, id)) return refuse('last_admin');
    if (wanted.role !== account.role)
      record(state, 'account.role_changed', id, audit, { from: account.role, to: wanted.role });
    if (wanted.active !== account.active)
      record(state, wanted.active ? 'account.activated' : 'account.deactivated', id, audit);
    const changed = { ...wanted, updatedAt: audit.now };
    state.accounts.set(id, changed);
    if (!changed.active && account.active)
      endAllSessions(state, { accountId: id, exceptId: null, reason: 'account_deactivated' }, audit);
    return changed;
  },
});

/** Sorted by the matching name: the email, or else the username. */
function search(accounts: readonly Account[], prefix: string, after: string | undefined, limit: number) {
  const matches = accounts.flatMap((account) => {
    const keys = [account.email, account.username].flatMap((name) => (name === null ? [] : [foldKey(name)]));
    const name = keys.find((key) => key.startsWith(prefix));
    return name === undefined || (after !== undefined && name <= after) ? [] : [{ account, name }];
  });
  const sorted = matches.sort((one, other) => (one.name < other.name ? -1 : 1));
  const { items, next } = pageOf(sorted, limit, ({ name }) => name);
  return { items: items.map(({ account }) => account), next };
}
