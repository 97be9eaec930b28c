// A cached token counts no longer than a verified one: until it expires, and only with the keys that verified it.
import { describe, expect, it, vi } from 'vitest';
import { signToken } from '../../../src/domain/tokens/jwt.ts';
import { MAX_CACHED_TOKENS, verifyCached } from '../../../src/domain/tokens/verified-tokens.ts';
import { newIssuer } from '../../support/domain/issuer.ts';

const NOW = Date.UTC(2026, 10, 20, 21);
const CLAIMS = { accountId: 7, sessionId: 'a session', use: 'access' } as const;

describe('a token that was verified', () => {
  it('is verified once', async () => {
    const issuer = await newIssuer();
    const token = await signToken(issuer, CLAIMS, 30, NOW);
    const verify = vi.spyOn(crypto.subtle, 'verify');
    for (const later of [0, 1, 29_999])
      expect(await verifyCached(issuer, token, NOW + later)).toEqual({ ...CLAIMS, exp: NOW / 1000 + 30 });
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });

  it('is refused from the second it expires', async () => {
    const issuer = await newIssuer();
    const token = await signToken(issuer, CLAIMS, 30, NOW);
    expect(await verifyCached(issuer, token, NOW)).toEqual({ ...CLAIMS, exp: NOW / 1000 + 30 });
    expect(await verifyCached(issuer, token, NOW + 30_000)).toMatchObject({ refused: 'token_expired' });
  });

  it('is unknown to other keys and to another issuer', async () => {
    const issuer = await newIssuer();
    const token = await signToken(issuer, CLAIMS, 30, NOW);
    expect(await verifyCached(issuer, token, NOW)).toEqual({ ...CLAIMS, exp: NOW / 1000 + 30 });
    expect(await verifyCached(await newIssuer(), token, NOW)).toMatchObject({ refused: 'token_invalid' });
    expect(await verifyCached({ ...issuer, name: 'elsewhere' }, token, NOW)).toMatchObject({
      refused: 'token_invalid',
    });
  });

  it('covers no token that differs in its signature', async () => {
    const issuer = await newIssuer();
    const token = await signToken(issuer, CLAIMS, 30, NOW);
    expect(await verifyCached(issuer, token, NOW)).toEqual({ ...CLAIMS, exp: NOW / 1000 + 30 });
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    expect(await verifyCached(issuer, forged, NOW)).toMatchObject({ refused: 'token_invalid' });
    expect(await verifyCached(issuer, forged, NOW)).toMatchObject({ refused: 'token_invalid' });
  });

  it('is forgotten when enough others came after it', async () => {
    const issuer = await newIssuer();
    const tokens = await Promise.all(
      Array.from({ length: MAX_CACHED_TOKENS + 1 }, () => signToken(issuer, CLAIMS, 30, NOW)),
    );
    for (const token of tokens) await verifyCached(issuer, token, NOW);
    const verify = vi.spyOn(crypto.subtle, 'verify');
    await verifyCached(issuer, tokens[MAX_CACHED_TOKENS] ?? '', NOW);
    expect(verify).toHaveBeenCalledTimes(0);
    await verifyCached(issuer, tokens[0] ?? '', NOW);
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });
});
