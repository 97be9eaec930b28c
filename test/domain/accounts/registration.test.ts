// Signing up: the refusals, their order, and the new account.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { type Registration, register, registerForSessionToken } from '../../../src/domain/accounts/registration.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { authenticateBearer } from '../../../src/domain/sign-in/bearer.ts';
import { logInForSessionToken } from '../../../src/domain/sign-in/login.ts';
import { newAccount } from '../../support/domain/accounts.ts';
import { NOW, nobody, SECOND_MS } from '../../support/domain/contexts.ts';
import { knownPasswords } from '../../support/domain/known-passwords.ts';
import { NO_MAIL } from '../../support/domain/mailing.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

const ANN: Registration = { username: 'Ann', email: 'ann@example.com', password: 'correct horse', data: { a: 1 } };

let ports: AllPorts;
beforeEach(async () => {
  ports = await domainPorts();
});

describe.each([
  ['a sign-up', register],
  ['a sign-up for a session token', registerForSessionToken],
])('%s', (_, signUp) => {
  const fields = (changed: Partial<Registration>) => signUp(ports, { ...ANN, ...changed }, nobody());

  it('makes an account that can log in', async () => {
    expect(isRefusal(await fields({}))).toBe(false);
    const { items } = await ports.administration.list({}, undefined, 9);
    expect(items).toMatchObject([{ username: 'Ann', email: 'ann@example.com', data: { a: 1 }, role: 'user' }]);
    const credentials = { identifier: { username: 'ANN' }, password: 'correct horse', otp: undefined };
    expect(await logInForSessionToken(ports, credentials, nobody())).toHaveProperty('token');
  });

  it('asks for a verification of the email, where there is one', async () => {
    await fields({});
    const [account] = (await ports.administration.list({}, undefined, 9)).items;
    expect(account).toMatchObject({ emailVerified: false });
    expect(await ports.queuedMails(account?.id ?? 0)).toEqual([['email_verification', 'ann@example.com']]);
    await fields({ username: 'Bob', email: null });
    await fields({ username: 'bob', email: 'other@example.com' });
    expect(ports.mailing.delivered).toEqual(['email_verification']);
  });

  it('is refused for a password that attackers know, as far as the settings ask', async () => {
    ports = { ...ports, breachedPasswords: knownPasswords({ common: ['password'], breached: ['hunter22'] }) };
    let count = 0;
    const passwords = async () => {
      const found = [];
      for (const password of ['password', 'hunter22', 'pass']) {
        count += 1;
        const answer = await fields({ username: `Ann ${count}`, email: null, password });
        found.push(isRefusal(answer) ? answer.refused : 'taken');
      }
      return found;
    };
    expect(await passwords()).toEqual(['taken', 'taken', 'password_too_short']);
    await configure(ports, { PASSWORD_BREACH_CHECK: 'common' });
    expect(await passwords()).toEqual(['password_breached', 'taken', 'password_too_short']);
    await configure(ports, { PASSWORD_BREACH_CHECK: 'range' });
    expect(await passwords()).toEqual(['password_breached', 'password_breached', 'password_too_short']);
  });

  it('is refused while registration is closed, before anything else', async () => {
    await newAccount(ports, ANN);
    await configure(ports, { REGISTRATION_OPEN: 'false' });
    for (const changed of [{}, { username: 'Other', email: 'other@example.com' }, { password: '' }])
      expect(await fields(changed)).toMatchObject({ refused: 'registration_closed' });
  });

  it('is refused without a name', async () => {
    expect(await fields({ username: null, email: null })).toMatchObject({ refused: 'identity_required' });
  });

  it.each([
    [{}, 'username_taken'],
    [{ username: 'Other' }, 'email_taken'],
    [{ username: 'Ａnn', email: null }, 'username_taken'],
  ])('is refused for a name that is taken: %j', async (changed, refused) => {
    await newAccount(ports, { username: 'ANN', email: 'ANN@example.com' });
    expect(await fields(changed)).toMatchObject({ refused });
  });

  it('is refused for a password that is too short, after a name that is taken', async () => {
    const hash = vi.spyOn(ports.hashing, 'hash');
    expect(await fields({ password: '12345' })).toMatchObject({ refused: 'password_too_short', minimum: 6 });
    await newAccount(ports, { username: 'ann', email: null });
    expect(await fields({ password: '12345' })).toMatchObject({ refused: 'username_taken' });
    expect(await fields({ username: 'Other', password: '12345' })).toMatchObject({ refused: 'password_too_short' });
    expect(hash).not.toHaveBeenCalled();
    await configure(ports, { PASSWORD_MIN_LENGTH: '5' });
    expect(isRefusal(await fields({ username: 'Other', password: '12345' }))).toBe(false);
  });
});

describe('the session token of a sign-up', () => {
  const signUp = (changed: Partial<Registration> = {}) =>
    registerForSessionToken(ports, { ...ANN, ...changed }, nobody());

  it('lives as long as the settings say', async () => {
    await configure(ports, { SESSION_TOKEN_LIFETIME: '100' });
    const issued = await signUp();
    if (isRefusal(issued) || issued === 'unverified') throw new Error('no token');
    expect(issued.expiresInSeconds).toBe(100);
    const authenticate = (now: number) => authenticateBearer(ports, `Bearer ${issued.token}`, now);
    const caller = await authenticate(NOW);
    expect(caller).toMatchObject({ use: 'session', account: { username: 'Ann' } });
    const [session] = await ports.sessions.list('accountId' in caller ? caller.accountId : 0, NOW);
    expect(session).toMatchObject({ kind: 'session', expiresAt: NOW + 100 * SECOND_MS });
    expect(await authenticate(NOW + 100 * SECOND_MS)).toMatchObject({ refused: 'token_expired' });
  });

  it('is not given to an account that must verify its email first', async () => {
    await configure(ports, { EMAIL_VERIFICATION_REQUIRED: 'true', USERNAME_REQUIRED: 'false' });
    expect(await signUp()).toBe('unverified');
    const [account] = (await ports.administration.list({}, undefined, 9)).items;
    expect(await ports.sessions.list(account?.id ?? 0, NOW)).toEqual([]);
    expect(await signUp({ username: 'No email', email: null })).toHaveProperty('token');
    const withoutMail = { ...ports, mailing: NO_MAIL };
    const bob = { ...ANN, username: 'Bob', email: 'bob@example.com' };
    expect(await registerForSessionToken(withoutMail, bob, nobody())).toHaveProperty('token');
  });

  it('requires a username unless the settings do not', async () => {
    expect(await signUp({ username: null })).toMatchObject({ refused: 'identity_required' });
    await configure(ports, { USERNAME_REQUIRED: 'false' });
    expect(await signUp({ username: null })).toHaveProperty('token');
    expect(await signUp({ username: null, email: null })).toMatchObject({ refused: 'identity_required' });
  });

  it('is the only sign-up that requires a username', async () => {
    expect(isRefusal(await register(ports, { ...ANN, username: null }, nobody()))).toBe(false);
  });
});
