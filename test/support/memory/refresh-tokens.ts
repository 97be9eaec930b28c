// Issued refresh tokens in memory. Unlike KV, it shows a write at once.
import type { RefreshTokens } from '../../../src/domain/sessions/refresh-token.ts';
import type { State } from './state.ts';

export const refreshTokensIn = (state: State): RefreshTokens => ({
  remember(tokenHash, token) {
    state.refreshTokens.set(tokenHash, token);
  },
  lookUp: async (tokenHash) => state.refreshTokens.get(tokenHash),
});
