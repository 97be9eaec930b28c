// A refresh token is exchanged once. One that comes back is theft, unless a grace makes it a retry.
import { decodeJwt } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { TokenPair } from '../../../src/domain/sessions/issue.ts';
import { endByRefreshToken, refresh } from '../../../src/domain/sessions/refresh.ts';
import { hashToken, newRefreshToken } from '../../../src/domain/sessions/refresh-token.ts';
import { actionsOf, newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { administering, DAY_MS, NOW, nobody, SECOND_MS } from '../../support/domain/contexts.ts';
import { rotatedKeys } from '../../support/domain/issuer.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

const REFUSED = { refused: 'invalid_refresh_token' };
const THEFT = 'session.reuse_detected';
const MONTH_MS = 30 * DAY_MS;

let ports: AllPorts;
let ann: Account;
let first: string;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  first = newRefreshToken();
  sessionId = await opened(first);
});

/** A session of the account with this refresh token, which KV knows. */
async function opened(token: string): Promise<string> {
  const tokenHash = await hashToken(token);
  const { id } = await openSession(ports, ann, { kind: 'refresh', tokenHash, expiresAt: NOW + MONTH_MS });
  ports.refreshTokens.remember(tokenHash, { sessionId: id, accountId: ann.id, issuedAt: NOW }, 2_592_000);
  return id;
}

const present = (token: string, now = NOW) => refresh(ports, token, nobody(now));
async function exchanged(token: string, now = NOW): Promise<TokenPair> {
  const pair = await present(token, now);
  if (isRefusal(pair)) throw new Error(pair.refused);
  return pair;
}
const isLive = async (id = sessionId, now = NOW) => (await ports.sessions.findLive(id, now)) !== undefined;
const atOnce = (count: number, token: string) => Promise.all(Array.from({ length: count }, () => present(token)));

describe('a refresh', () => {
  it('answers a new pair of the token’s session', async () => {
    const { accessToken, refreshToken, expiresInSeconds } = await exchanged(first, NOW + 5 * SECOND_MS);
    expect(expiresInSeconds).toBe(30);
    const issuedAt = NOW / SECOND_MS + 5;
    expect(decodeJwt(accessToken)).toMatchObject({
      sub: String(ann.id),
      sid: sessionId,
      token_use: 'access',
      iat: issuedAt,
      exp: issuedAt + 30,
    });
    expect(refreshToken).not.toBe(first);
    expect(await ports.refreshTokens.lookUp(await hashToken(refreshToken))).toEqual({
      sessionId,
      accountId: ann.id,
      issuedAt: NOW + 5 * SECOND_MS,
    });
    await exchanged(refreshToken);
  });

  it('resets both lifetimes, as the settings have them', async () => {
    await configure(ports, { REFRESH_TOKEN_LIFETIME: '100', ACCESS_TOKEN_LIFETIME: '7' });
    const { accessToken, refreshToken, expiresInSeconds } = await exchanged(first);
    expect(expiresInSeconds).toBe(7);
    expect((decodeJwt(accessToken).exp ?? 0) - NOW / SECOND_MS).toBe(7);
    const [session] = await ports.sessions.list(ann.id, NOW);
    expect(session?.expiresAt).toBe(NOW + 100 * SECOND_MS);
    const last = await exchanged(refreshToken, NOW + 100 * SECOND_MS - 1);
    expect(await present(last.refreshToken, NOW + 200 * SECOND_MS - 1)).toMatchObject(REFUSED);
  });

  it('refuses a token that was never issued, and ends nothing', async () => {
    for (const unknown of [newRefreshToken(), 'not a UUID', '']) expect(await present(unknown)).toMatchObject(REFUSED);
    expect(await isLive()).toBe(true);
  });

  it('refuses an expired token, and takes it for no theft', async () => {
    expect(await present(first, NOW + MONTH_MS)).toMatchObject(REFUSED);
    expect(await actionsOf(ports, ann.id)).not.toContain(THEFT);
    await exchanged(first, NOW + MONTH_MS - 1);
  });

  it('refuses a token of an account that is not active', async () => {
    const boss = await newAdmin(ports);
    await ports.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await present(first)).toMatchObject(REFUSED);
  });

  it('leaves a session alone whose current token it could not rotate', async () => {
    const { rotate: _, ...sessions } = ports.sessions;
    const unrotated = { ...ports, sessions: { ...sessions, rotate: async () => undefined } };
    expect(await refresh(unrotated, first, nobody())).toMatchObject(REFUSED);
    expect(await isLive()).toBe(true);
  });
});

describe('without a grace, a token that was exchanged', () => {
  it.each([
    ['is presented again', present],
    ['is presented at a logout', (token: string) => endByRefreshToken(ports, null, token, nobody())],
  ])('is theft when it %s, and ends its session alone', async (_, again) => {
    const other = await opened(newRefreshToken());
    const { refreshToken } = await exchanged(first);
    expect(await again(first)).toMatchObject(REFUSED);
    expect([await isLive(), await isLive(other)]).toEqual([false, true]);
    expect(await present(refreshToken)).toMatchObject(REFUSED);
    expect((await actionsOf(ports, ann.id)).filter((action) => action.startsWith('session.'))).toEqual([THEFT]);
  });

  it('at many places at once is exchanged once, and is theft', async () => {
    const answers = await atOnce(20, first);
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(await isLive()).toBe(false);
  });

  it.each([
    [8, false],
    [9, true],
  ])('%i exchanges ago is recognised, without KV for the last 8 of them', async (exchanges, staysLive) => {
    const forgetful = { ...ports, refreshTokens: { ...ports.refreshTokens, lookUp: async () => undefined } };
    let current = first;
    for (let round = 0; round < exchanges; round += 1) current = (await exchanged(current)).refreshToken;
    expect(await refresh(forgetful, first, nobody())).toMatchObject(REFUSED);
    expect(await isLive()).toBe(staysLive);
    await present(first);
    expect(await isLive()).toBe(false);
  });

  it('is recognised after a rotation of the keys', async () => {
    const [before, after] = await rotatedKeys();
    ports = { ...ports, issuer: { ...ports.issuer, keys: before } };
    await exchanged(first);
    ports = { ...ports, issuer: { ...ports.issuer, keys: after } };
    const forgetful = { ...ports, refreshTokens: { ...ports.refreshTokens, lookUp: async () => undefined } };
    await refresh(forgetful, first, nobody());
    expect(await isLive()).toBe(false);
  });
});

describe('within the grace, the token that was exchanged last', () => {
  const GRACE_MS = 10 * SECOND_MS;
  beforeEach(() => configure(ports, { REFRESH_REUSE_GRACE: '10' }));

  it('gets the same successor again, with a new access token', async () => {
    const answer = await exchanged(first);
    const again = await exchanged(first, NOW + GRACE_MS - 1);
    expect(again).toEqual({ ...answer, accessToken: again.accessToken });
    expect(decodeJwt(again.accessToken)).toMatchObject({ sid: sessionId, iat: NOW / SECOND_MS + 9 });
    expect(await isLive()).toBe(true);
    await exchanged(answer.refreshToken, NOW + GRACE_MS);
  });

  it('gets one successor at many places at once', async () => {
    const answers = await atOnce(20, first);
    const successors = answers.map((answer) => ('refreshToken' in answer ? answer.refreshToken : answer.refused));
    expect(new Set(successors).size).toBe(1);
    await exchanged(successors[0] ?? '');
  });

  it('does not prolong the session', async () => {
    await exchanged(first);
    const [before] = await ports.sessions.list(ann.id, NOW);
    await exchanged(first, NOW + SECOND_MS);
    expect(await ports.sessions.list(ann.id, NOW)).toEqual([before]);
  });

  it('gets the successor that an older key derived', async () => {
    const [before, after] = await rotatedKeys();
    ports = { ...ports, issuer: { ...ports.issuer, keys: before } };
    const { refreshToken } = await exchanged(first);
    ports = { ...ports, issuer: { ...ports.issuer, keys: after } };
    expect(await exchanged(first, NOW + SECOND_MS)).toMatchObject({ refreshToken });
  });

  it('is theft when the grace is over', async () => {
    await exchanged(first);
    expect(await present(first, NOW + GRACE_MS)).toMatchObject(REFUSED);
    expect(await isLive()).toBe(false);
  });

  it('is theft once its successor was exchanged', async () => {
    const { refreshToken } = await exchanged(first);
    await exchanged(refreshToken);
    expect(await present(first)).toMatchObject(REFUSED);
    expect(await isLive()).toBe(false);
  });

  it('is theft at a logout', async () => {
    await exchanged(first);
    expect(await endByRefreshToken(ports, null, first, nobody())).toMatchObject(REFUSED);
    expect(await isLive()).toBe(false);
  });

  it('is refused where its session has ended', async () => {
    await exchanged(first);
    await ports.sessions.end({ accountId: ann.id, sessionId }, nobody());
    expect(await present(first)).toMatchObject(REFUSED);
  });
});

describe('a logout', () => {
  it('ends the session of the current token, once', async () => {
    const { refreshToken } = await exchanged(first);
    expect(await endByRefreshToken(ports, null, refreshToken, nobody())).toBe('ended');
    expect(await isLive()).toBe(false);
    expect(await endByRefreshToken(ports, null, refreshToken, nobody())).toMatchObject(REFUSED);
    expect((await actionsOf(ports, ann.id)).slice(-1)).toEqual(['session.ended']);
  });

  it('refuses a token that was never issued, and ends nothing', async () => {
    expect(await endByRefreshToken(ports, null, newRefreshToken(), nobody())).toMatchObject(REFUSED);
    expect(await isLive()).toBe(true);
  });
});
