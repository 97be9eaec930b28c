// Games in memory.
import { type Games, getScore } from '../../../src/domain/games/game.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import { holds } from './conditions.ts';
import type { State } from './state.ts';

export const gamesIn = (state: State): Games => ({
  async add(game, { authority, now }) {
    if (!holds(state, authority, now)) return refuse('token_revoked');
    const id = state.nextId();
    state.games.set(id, game);
    return { ...game, id, changes: game.changes.length };
  },

  async get(id) {
    const game = state.games.get(id);
    const last = game?.changes.at(-1);
    return game && last && { ...game, id, changes: game.changes.length, score: last.score };
  },

  async scoreAt(id, offset) {
    const game = state.games.get(id);
    return game ? getScore(game.changes, offset) : refuse('game_not_found');
  },
});
