// Games in memory.
import { type Game, type Games, getScore } from '../../../src/domain/games/game.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { actsAsAdmin, holds, isOwnerOrAdmin } from './conditions.ts';
import type { State, StoredGame } from './state.ts';

export const gamesIn = (state: State): Games => ({
  async add(game, quota, { authority, now }) {
    const { accountId } = authority;
    if (!holds(state, authority, now)) return refuse('token_revoked');
    const owned = [...state.games.values()].filter(({ ownerId }) => ownerId === accountId).length;
    if (owned >= quota && !actsAsAdmin(state, authority)) return refuse('quota_exceeded');
    const id = state.nextId();
    const stored = { ...game, ownerId: accountId, createdAt: now };
    state.games.set(id, stored);
    return gameOf(id, stored);
  },

  async get(id) {
    const game = state.games.get(id);
    const last = game?.changes.at(-1);
    return game && last && { ...gameOf(id, game), score: last.score };
  },

  async scoreAt(id, offset) {
    const game = state.games.get(id);
    return game ? getScore(game.changes, offset) : refuse('game_not_found');
  },

  async remove(id, { authority, now }) {
    if (!holds(state, authority, now)) return refuse('token_revoked');
    const game = state.games.get(id);
    if (!game) return refuse('game_not_found');
    if (!isOwnerOrAdmin(state, authority, game.ownerId)) return refuse('forbidden');
    state.games.delete(id);
    return 'removed';
  },
});

const gameOf = (id: number, { createdAt: _, ...game }: StoredGame): Game => ({
  ...game,
  id,
  changes: game.changes.length,
});
