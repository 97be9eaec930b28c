// Clean-up in memory, and the purge of deleted accounts, which leave no rows here.
import { type Cleanup, type CleanupKind, ROWS_PER_STATEMENT } from '../../../src/domain/maintenance/cleanup.ts';
import type { Purging } from '../../../src/domain/maintenance/purging.ts';
import type { State } from './state.ts';

export const purgingIn = (): Purging => ({ due: async () => [], round: async () => 'gone' });

export const cleanupIn = (state: State): Cleanup => ({
  async remove(kind, before) {
    const ended = removals(state, before)[kind];
    const removed = ended.slice(0, ROWS_PER_STATEMENT);
    for (const remove of removed) remove();
    return { removed: removed.length, more: ended.length > ROWS_PER_STATEMENT };
  },
});

/** Removes each row of a kind that ended before a time. */
function removals(state: State, before: number): Readonly<Record<CleanupKind, readonly (() => unknown)[]>> {
  const from = <K, V>(rows: Map<K, V>, hasEnded: (row: V) => boolean) =>
    [...rows]
      .filter(([, row]) => hasEnded(row))
      .map(
        ([key]) =>
          () =>
            rows.delete(key),
      );
  return {
    auditEvents: state.events
      .filter(({ at }) => at < before)
      .map((event) => () => state.events.splice(state.events.indexOf(event), 1)),
    endedSessions: from(
      state.sessions,
      ({ expiresAt, revokedAt }) => expiresAt < before || (revokedAt !== null && revokedAt < before),
    ),
    passwordGuesses: from(state.guesses, ({ lastAt }) => lastAt < before),
    knownNetworks: from(state.knownNetworks, ({ lastAt }) => lastAt < before),
    loginFailures: [],
    idempotencyKeys: from(state.idempotencyKeys, ({ createdAt }) => createdAt < before),
    oneTimeTokens: from(state.oneTimeTokens, ({ expiresAt }) => expiresAt < before),
    mailsGivenUp: from(state.mails, ({ givenUpAt }) => givenUpAt !== null && givenUpAt < before),
    usedChallenges: from(state.usedChallenges, (expiresAt) => expiresAt < before),
    pendingTotp: from(state.totps, ({ confirmedAt, createdAt }) => confirmedAt === null && createdAt < before),
    authorizationCodes: from(state.codes, ({ expiresAt }) => expiresAt < before),
    importedTokens: from(state.importedTokens, ({ expiresAt }) => expiresAt < before),
    // A game is recorded at once, and goes with its owner.
    unfinishedGames: [],
    gamesOfFormerOwners: [],
  };
}
