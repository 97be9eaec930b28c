// The tokens of a new session, and their lifetimes by the settings.
import { decodeJwt } from 'jose';
import { expect, it, vi } from 'vitest';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import {
  issuePair,
  issueSessionToken,
  newRefreshSession,
  newTokenSession,
} from '../../../src/domain/sessions/issue.ts';
import { recordUseIfStale } from '../../../src/domain/sessions/live.ts';
import { hashToken } from '../../../src/domain/sessions/refresh-token.ts';
import type { Sessions } from '../../../src/domain/sessions/session.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/settings.ts';
import { verifyToken } from '../../../src/domain/tokens/jwt.ts';
import { MINUTE_MS, NOW, SECOND_MS } from '../../support/domain/contexts.ts';
import { domainPorts } from '../../support/domain/ports.ts';

const SETTINGS = {
  ...DEFAULT_SETTINGS,
  REFRESH_TOKEN_LIFETIME: 100,
  SESSION_TOKEN_LIFETIME: 50,
  ACCESS_TOKEN_LIFETIME: 5,
};
const HOLDER = { accountId: 7, sessionId: 'a session' };
const SESSION = { ...HOLDER, authentication: byPassword(NOW - 1000) };

it('a session for a pair has the hash of its first refresh token, which is stored nowhere itself', async () => {
  const { session, refresh } = await newRefreshSession(SETTINGS, NOW);
  expect(session).toEqual({
    id: session.id,
    kind: 'refresh',
    tokenHash: await hashToken(refresh.token),
    expiresAt: NOW + 100 * SECOND_MS,
  });
  expect(refresh.hash).toBe(session.tokenHash);
  expect(JSON.stringify(session)).not.toContain(refresh.token);
});

it('a session for a session token has no refresh token', () => {
  const session = newTokenSession(SETTINGS, NOW);
  expect(session).toEqual({ id: session.id, kind: 'session', tokenHash: null, expiresAt: NOW + 50 * SECOND_MS });
});

it('a new session lives no longer than sessions may', async () => {
  const aged = { ...SETTINGS, SESSION_MAX_AGE: 20 };
  expect((await newRefreshSession(aged, NOW)).session.expiresAt).toBe(NOW + 20 * SECOND_MS);
  expect(newTokenSession(aged, NOW).expiresAt).toBe(NOW + 20 * SECOND_MS);
  const { issuer } = await domainPorts();
  expect(await issueSessionToken(issuer, SESSION, aged, NOW)).toMatchObject({ expiresInSeconds: 20 });
});

it('a session token ends with its session', async () => {
  const { issuer } = await domainPorts();
  const { token, expiresInSeconds } = await issueSessionToken(issuer, SESSION, SETTINGS, NOW);
  expect(expiresInSeconds).toBe(50);
  expect(await verifyToken(issuer, token, NOW + 49_999)).toEqual({ ...HOLDER, use: 'session', exp: NOW / 1000 + 50 });
  expect(isRefusal(await verifyToken(issuer, token, NOW + 50_000))).toBe(true);
});

it('a pair is an access token, and a refresh token that is remembered by its hash', async () => {
  const ports = await domainPorts();
  const remember = vi.spyOn(ports.refreshTokens, 'remember');
  const pair = await issuePair(ports, SESSION, { token: 'plain', hash: 'hashed' }, SETTINGS, NOW);
  expect(pair).toEqual({ accessToken: pair.accessToken, refreshToken: 'plain', expiresInSeconds: 5 });
  expect(decodeJwt(pair.accessToken)).toMatchObject({ sub: '7', sid: 'a session', token_use: 'access', amr: ['pwd'] });
  expect(remember.mock.calls).toEqual([['hashed', { ...HOLDER, issuedAt: NOW }, 100]]);
});

it('a use is recorded five minutes after the last recorded one', () => {
  const recordUse = vi.fn();
  const sessions = { recordUse } as unknown as Sessions; // nothing else is called
  recordUseIfStale(sessions, 'a session', NOW - 5 * MINUTE_MS, NOW);
  expect(recordUse).not.toHaveBeenCalled();
  recordUseIfStale(sessions, 'a session', NOW - 5 * MINUTE_MS - 1, NOW);
  expect(recordUse.mock.calls).toEqual([['a session', NOW]]);
});
