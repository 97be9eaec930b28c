// The contract of RefreshTokens: every issued token is remembered by its hash.
import { beforeEach, describe, expect, it } from 'vitest';
import { ADAPTERS } from '../support/adapters.ts';
import { NOW } from '../support/domain/contexts.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('refresh tokens %s', (_, fresh) => {
  let adapters: Adapters;
  beforeEach(async () => {
    adapters = await fresh();
  });

  it('are remembered once the response is sent, however short they live', async () => {
    const { refreshTokens } = adapters;
    const tokens = [1, 59, 60, 31_536_000].map((lifetimeSeconds) => {
      const token = { sessionId: crypto.randomUUID(), accountId: lifetimeSeconds, issuedAt: NOW };
      const hash = crypto.randomUUID();
      refreshTokens.remember(hash, token, lifetimeSeconds);
      return { hash, token };
    });
    await adapters.settled();
    for (const { hash, token } of tokens) expect(await refreshTokens.lookUp(hash)).toEqual(token);
  });

  it('are unknown where they were never issued', async () => {
    expect(await adapters.refreshTokens.lookUp(crypto.randomUUID())).toBeUndefined();
  });
});
