// A session ends at an age that the settings have, however often it is refreshed.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { isOverAge, listSessions, withinMaxAge } from '../../../src/domain/sessions/max-age.ts';
import { refresh } from '../../../src/domain/sessions/refresh.ts';
import { hashToken, newRefreshToken } from '../../../src/domain/sessions/refresh-token.ts';
import { newAccount, openSession } from '../../support/domain/accounts.ts';
import { DAY_MS, NOW, nobody, SECOND_MS } from '../../support/domain/contexts.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

it('a lifetime is no longer than the age, and 0 is no limit', () => {
  expect(withinMaxAge(50, { SESSION_MAX_AGE: 20 })).toBe(20);
  expect(withinMaxAge(10, { SESSION_MAX_AGE: 20 })).toBe(10);
  expect(withinMaxAge(31_536_000, { SESSION_MAX_AGE: 0 })).toBe(31_536_000);
  expect(isOverAge(NOW, { SESSION_MAX_AGE: 20 }, NOW + 19_999)).toBe(false);
  expect(isOverAge(NOW, { SESSION_MAX_AGE: 20 }, NOW + 20_000)).toBe(true);
  expect(isOverAge(0, { SESSION_MAX_AGE: 0 }, NOW)).toBe(false);
});

describe('a session', () => {
  let ports: AllPorts;
  let ann: Account;
  let token: string;
  beforeEach(async () => {
    ports = await domainPorts();
    ann = await newAccount(ports);
    token = newRefreshToken();
    await openSession(ports, ann, { kind: 'refresh', tokenHash: await hashToken(token), expiresAt: NOW + DAY_MS });
  });

  it('is refreshed until its age, and no refresh moves that', async () => {
    await configure(ports, { SESSION_MAX_AGE: '100' });
    const pair = await refresh(ports, token, nobody(NOW + 99 * SECOND_MS));
    expect(pair).toHaveProperty('refreshToken');
    const [session] = await ports.sessions.list(ann.id, NOW + 99 * SECOND_MS);
    expect(session?.expiresAt).toBe(NOW + 100 * SECOND_MS);
    const next = 'refreshToken' in pair ? pair.refreshToken : '';
    expect(await refresh(ports, next, nobody(NOW + 100 * SECOND_MS))).toMatchObject({
      refused: 'invalid_refresh_token',
    });
  });

  it('that was opened before the setting is over its age at once, and then neither refreshed nor listed', async () => {
    await configure(ports, { SESSION_MAX_AGE: '100' });
    const now = NOW + 100 * SECOND_MS;
    expect(await listSessions(ports, ann.id, now - 1)).toMatchObject([{ expiresAt: now }]);
    expect(await listSessions(ports, ann.id, now)).toEqual([]);
    expect(await refresh(ports, token, nobody(now))).toMatchObject({ refused: 'invalid_refresh_token' });
  });

  it('gets no answer repeated once it is over its age', async () => {
    await configure(ports, { SESSION_MAX_AGE: '100', REFRESH_REUSE_GRACE: '10' });
    const now = NOW + 99 * SECOND_MS;
    await refresh(ports, token, nobody(now));
    expect(await refresh(ports, token, nobody(now + 999))).toHaveProperty('accessToken');
    expect(await refresh(ports, token, nobody(now + SECOND_MS))).toHaveProperty('refused');
  });

  it('gets none where the age was set since it was rotated', async () => {
    await configure(ports, { REFRESH_REUSE_GRACE: '10' });
    const now = NOW + 100 * SECOND_MS;
    await refresh(ports, token, nobody(now - SECOND_MS));
    await configure(ports, { SESSION_MAX_AGE: '100' });
    expect(await refresh(ports, token, nobody(now - 1))).toHaveProperty('accessToken');
    expect(await refresh(ports, token, nobody(now))).toHaveProperty('refused');
  });

  it('is listed with its own expiry where that comes first', async () => {
    expect(await listSessions(ports, ann.id, NOW)).toMatchObject([{ expiresAt: NOW + DAY_MS }]);
    await configure(ports, { SESSION_MAX_AGE: '31536000' });
    expect(await listSessions(ports, ann.id, NOW)).toMatchObject([{ expiresAt: NOW + DAY_MS }]);
  });
});
