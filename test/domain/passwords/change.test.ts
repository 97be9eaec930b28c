// A password is changed with the current one, and every other session ends.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { changePassword } from '../../../src/domain/passwords/change.ts';
import { FAILURES_BEFORE_LOCK } from '../../../src/domain/passwords/lockout.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/settings.ts';
import { logInForSessionToken } from '../../../src/domain/sign-in/login.ts';
import { actionsOf, newAccount, newAdmin, openSession, PASSWORD } from '../../support/domain/accounts.ts';
import { acting, administering, NOW, nobody } from '../../support/domain/contexts.ts';
import { knownPasswords } from '../../support/domain/known-passwords.ts';
import { type AllPorts, domainPorts } from '../../support/domain/ports.ts';

const NEW = 'battery staple';

let ports: AllPorts;
let ann: Account;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sessionId = (await openSession(ports, ann)).id;
});

const change = (currentPassword = PASSWORD, newPassword = NEW, id = sessionId) =>
  changePassword(
    ports,
    { currentPassword, newPassword, sessionId: id },
    DEFAULT_SETTINGS,
    acting(ann.id, { sessionId: id }),
  );
const logsIn = async (password: string) => {
  const identifier = { email: ann.email ?? '' };
  return 'token' in (await logInForSessionToken(ports, { identifier, password, otp: undefined }, nobody()));
};

it('a changed password is the one that works', async () => {
  expect(await change()).toBe('replaced');
  expect([await logsIn(PASSWORD), await logsIn(NEW)]).toEqual([false, true]);
});

it('a change ends every session but the acting one', async () => {
  const other = await openSession(ports, ann);
  await change();
  expect((await ports.sessions.list(ann.id, NOW)).map(({ id }) => id)).toEqual([sessionId]);
  expect(await ports.sessions.findLive(other.id, NOW)).toBeUndefined();
});

it('a change that is to end all sessions ends the acting one as well', async () => {
  const wanted = { currentPassword: PASSWORD, newPassword: NEW, sessionId, ends: 'all' } as const;
  await changePassword(ports, wanted, DEFAULT_SETTINGS, acting(ann.id, { sessionId }));
  expect(await ports.sessions.list(ann.id, NOW)).toEqual([]);
});

it('the account is notified of a change, and not of a refused one', async () => {
  await change('wrong');
  await change(PASSWORD, '12345');
  expect(ports.mailing.delivered).toEqual([]);
  await change();
  expect(await ports.queuedMails(ann.id)).toEqual([['password_changed', ann.email]]);
  expect(ports.mailing.delivered).toEqual(['password_changed']);
});

describe('a change is refused', () => {
  it('with a wrong current password, and changes nothing', async () => {
    expect(await change('wrong')).toMatchObject({ refused: 'wrong_password' });
    expect(await actionsOf(ports, ann.id)).toEqual(['account.registered', 'login.succeeded', 'login.refused']);
    expect(await logsIn(PASSWORD)).toBe(true);
  });

  it('to a password that is too short, which is no guess at the current one', async () => {
    const verify = vi.spyOn(ports.hashing, 'verify');
    for (let made = 0; made < 2 * FAILURES_BEFORE_LOCK; made += 1)
      expect(await change(PASSWORD, '12345')).toMatchObject({ refused: 'password_too_short', minimum: 6 });
    expect(verify).not.toHaveBeenCalled();
    expect(await change()).toBe('replaced');
  });

  it('to a password that attackers know, where the settings ask', async () => {
    const strict = { ...DEFAULT_SETTINGS, PASSWORD_BREACH_CHECK: 'common' };
    ports = { ...ports, breachedPasswords: knownPasswords({ common: [NEW] }) };
    const wanted = { currentPassword: PASSWORD, newPassword: NEW, sessionId };
    expect(await changePassword(ports, wanted, strict, acting(ann.id, { sessionId }))).toMatchObject({
      refused: 'password_breached',
    });
    expect(await logsIn(PASSWORD)).toBe(true);
    expect(await change()).toBe('replaced');
  });

  it('after ten wrong ones of a session, which do not count for another session', async () => {
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1)
      expect(await change('wrong')).toMatchObject({ refused: 'wrong_password' });
    expect(await change()).toMatchObject({ refused: 'too_many_attempts', retryAfterSeconds: 60 });
    const other = await openSession(ports, ann);
    expect(await change(PASSWORD, NEW, other.id)).toBe('replaced');
  });

  it('no more once a right one cleared the count', async () => {
    for (let made = 1; made < FAILURES_BEFORE_LOCK; made += 1) await change('wrong');
    expect(await change()).toBe('replaced');
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1)
      expect(await change('wrong')).toMatchObject({ refused: 'wrong_password' });
  });

  it('to an account that is not active, before any work', async () => {
    const verify = vi.spyOn(ports.hashing, 'verify');
    await ports.administration.change(ann.id, { active: false }, administering((await newAdmin(ports)).id));
    expect(await change()).toMatchObject({ refused: 'token_revoked' });
    expect(verify).not.toHaveBeenCalled();
  });

  it('to a session that ended meanwhile', async () => {
    const hashing = {
      ...ports.hashing,
      hash: async (password: string) => {
        await ports.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
        return ports.hashing.hash(password);
      },
    };
    const wanted = { currentPassword: PASSWORD, newPassword: NEW, sessionId };
    const audit = acting(ann.id, { sessionId });
    expect(await changePassword({ ...ports, hashing }, wanted, DEFAULT_SETTINGS, audit)).toMatchObject({
      refused: 'token_revoked',
    });
    expect(ports.mailing.delivered).toEqual([]);
    expect([await logsIn(PASSWORD), await logsIn(NEW)]).toEqual([true, false]);
  });

  it('to all but one of many at once with the same current password', async () => {
    const outcomes = await Promise.all(['one long', 'another'].map((password) => change(PASSWORD, password)));
    expect(outcomes.filter((outcome) => outcome === 'replaced')).toHaveLength(1);
    expect(outcomes).toContainEqual(expect.objectContaining({ refused: 'wrong_password' }));
  });
});
