// Exports in memory: the accounts for an admin, and everything stored of one account for its owner.
import { type Page, pageOf } from '../../../src/domain/page.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { AccountExports, OwnData } from '../../../src/domain/transfer/export.ts';
import { record } from './audit-trail.ts';
import { holds, isUnended, refuseEnded } from './conditions.ts';
import type { State } from './state.ts';

const PAGE_ACCOUNTS = 500;
const PAGE_ROWS = 100;

export const accountExportsIn = (state: State): AccountExports => ({
  async page(after, { hashes, event }, audit) {
    const ended = refuseEnded(state, audit);
    if (ended) return ended;
    const position = Number(after ?? 0);
    const next = [...state.accounts.values()].filter(({ id }) => id > position).sort((one, other) => one.id - other.id);
    const accounts = Math.min(PAGE_ACCOUNTS, next.length);
    if (event === 'recorded') record(state, 'accounts.exported', null, audit, { hashes, after: position, accounts });
    const tokensOf = (id: number) =>
      [...state.sessions.values()].flatMap(({ tokenHash: hash, ...session }) =>
        session.accountId === id && hash !== null && isUnended({ ...session, tokenHash: hash }, audit.now)
          ? [{ hash, expiresAt: session.expiresAt }]
          : [],
      );
    const exported = next.slice(0, PAGE_ACCOUNTS + 1).map((account) => ({
      account,
      passwordHash: (hashes && state.passwords.get(account.id)) || null,
      refreshTokens: hashes ? tokensOf(account.id) : [],
    }));
    return pageOf(exported, PAGE_ACCOUNTS, ({ account }) => String(account.id));
  },
});

export function ownDataIn(state: State): OwnData {
  const gamesOf = (accountId: number) =>
    [...state.games].filter(([, { ownerId }]) => ownerId === accountId).map(([id, game]) => ({ ...game, id }));

  return {
    async begin(event, audit) {
      const { accountId } = audit.authority;
      const account = state.accounts.get(accountId);
      if (!account || !holds(state, audit.authority, audit.now)) return refuse('token_revoked');
      if (event === 'recorded') record(state, 'accounts.exported', accountId, audit);
      const networks = [...state.knownNetworks.values()]
        .filter((known) => known.accountId === accountId)
        .map(({ network, lastAt }) => ({ network, lastAt }));
      return { account, hasPassword: state.passwords.has(accountId), networks };
    },

    async sessions(accountId, after) {
      const owned = [...state.sessions.values()]
        .filter((session) => session.accountId === accountId)
        .map(({ id, kind, createdAt, lastUsedAt, expiresAt, revokedAt, userAgent, ip }) => ({
          ...{ id, kind, createdAt, lastUsedAt, expiresAt, revokedAt, userAgent, ip },
        }));
      return pageAfter(owned, after, ({ id }) => id);
    },

    entities: async (accountId, after) =>
      pageAfter(
        [...state.entities.values()].filter(({ ownerId }) => ownerId === accountId),
        after,
        ({ id }) => id,
      ),

    async games(accountId, after) {
      const games = gamesOf(accountId).map(({ id, createdAt, stamps, firstOffset, lastOffset }) => ({
        ...{ id, createdAt, stamps, firstOffset, lastOffset },
      }));
      return pageAfter(games, after, ({ id }) => id);
    },

    // All of them are one page here.
    scores: async (accountId) => ({
      items: gamesOf(accountId).flatMap(({ id: gameId, changes }) =>
        changes.map(({ offset, score }) => ({ gameId, offset, ...score })),
      ),
      next: undefined,
    }),

    events: async (accountId, after) =>
      pageAfter(
        state.events.filter((event) => event.accountId === accountId),
        after,
        ({ id }) => id,
      ),
  };
}

/** The items behind a position, sorted by the key of a position. */
function pageAfter<T>(
  items: readonly T[],
  after: string | undefined,
  positionOf: (item: T) => number | string,
): Page<T> {
  const isBehind = (one: number | string, other: number | string) =>
    typeof one === 'number' ? one > Number(other) : one > String(other);
  const sorted = items.toSorted((one, other) => (isBehind(positionOf(one), positionOf(other)) ? 1 : -1));
  const found = sorted.filter((item) => after === undefined || isBehind(positionOf(item), after));
  return pageOf(found.slice(0, PAGE_ROWS + 1), PAGE_ROWS, (item) => String(positionOf(item)));
}
