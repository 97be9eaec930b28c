// Signing in with a password: the order of refusals, the same work for every account, and a session that opens on a
// proof.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account, Identifier } from '../../../src/domain/accounts/account.ts';
import type { Hashing } from '../../../src/domain/passwords/hash.ts';
import { FAILURES_BEFORE_LOCK } from '../../../src/domain/passwords/lockout.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { refresh } from '../../../src/domain/sessions/refresh.ts';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/settings.ts';
import { logInForPair, logInForSessionToken } from '../../../src/domain/sign-in/login.ts';
import type { Proof } from '../../../src/domain/sign-in/proof.ts';
import { proofOf, signIn } from '../../../src/domain/sign-in/sign-in.ts';
import { verifyToken } from '../../../src/domain/tokens/jwt.ts';
import {
  actionsOf,
  HASH,
  lastEvent,
  newAccount,
  newAdmin,
  newSession,
  PASSWORD,
} from '../../support/domain/accounts.ts';
import { acting, administering, CLIENT, MINUTE_MS, NOW, nobody, SECOND_MS } from '../../support/domain/contexts.ts';
import { NO_MAIL, NO_MAILS } from '../../support/domain/mailing.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

let ports: AllPorts & { readonly hashing: Hashing };
let ann: Account;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports, { username: 'Ann', email: 'ann@example.com' });
});

const ANN = { username: 'ann' };
const credentials = (password = PASSWORD, identifier: Identifier = ANN) => ({ identifier, password, otp: undefined });
const logIn = (password = PASSWORD, identifier: Identifier = ANN, now = NOW) =>
  logInForSessionToken(ports, credentials(password, identifier), nobody(now));
const deactivate = async () =>
  ports.administration.change(ann.id, { active: false }, administering((await newAdmin(ports)).id));
/** Hashing whose calls are recorded. */
function watchHashing(fields: Partial<Hashing> = {}) {
  const hashing = { ...ports.hashing, ...fields };
  const verify = vi.fn(hashing.verify);
  const hash = vi.fn(hashing.hash);
  ports = { ...ports, hashing: { ...hashing, verify, hash } };
  return { verify, hash };
}

describe('a login', () => {
  it.each<Identifier>([{ username: 'aNN' }, { email: 'ANN@example.com' }])(
    'by %j opens a session for a pair',
    async (identifier) => {
      const pair = await logInForPair(ports, credentials(PASSWORD, identifier), nobody());
      if (isRefusal(pair)) throw new Error(pair.refused);
      const [session] = await ports.sessions.list(ann.id, NOW);
      expect(session).toMatchObject({ kind: 'refresh', expiresAt: NOW + 2_592_000 * SECOND_MS, ...CLIENT });
      const claims = { accountId: ann.id, sessionId: session?.id, use: 'access', exp: NOW / 1000 + 30 };
      expect(await verifyToken(ports.issuer, pair.accessToken, NOW)).toEqual(claims);
      expect(await refresh(ports, pair.refreshToken, nobody())).toHaveProperty('accessToken');
    },
  );

  it('opens a session for a session token, for as long as the settings say', async () => {
    await configure(ports, { SESSION_TOKEN_LIFETIME: '100' });
    const issued = await logIn();
    if (isRefusal(issued)) throw new Error(issued.refused);
    expect(issued.expiresInSeconds).toBe(100);
    const [session] = await ports.sessions.list(ann.id, NOW);
    expect(session).toMatchObject({ kind: 'session', expiresAt: NOW + 100 * SECOND_MS });
    const claims = { accountId: ann.id, sessionId: session?.id, use: 'session', exp: NOW / 1000 + 100 };
    expect(await verifyToken(ports.issuer, issued.token, NOW)).toEqual(claims);
  });

  it('is recorded with the account as its actor', async () => {
    await logIn();
    expect(await lastEvent(ports, {})).toMatchObject({ action: 'login.succeeded', actorId: ann.id, accountId: ann.id });
  });

  it('replaces a hash of outdated parameters', async () => {
    watchHashing({ isOutdated: (passwordHash) => passwordHash === HASH });
    expect(await logIn()).toHaveProperty('token');
    const { passwordHash } = await ports.guesses.guessForSession(ann.id, 'any', acting(ann.id));
    expect(passwordHash).not.toBe(HASH);
    expect(await logIn()).toHaveProperty('token');
  });

  it('replaces it once for two at once, both of which are right', async () => {
    const { hash } = ports.hashing;
    let other: ReturnType<typeof logIn> | undefined;
    const hashDuringAnother = async (password: string) => {
      other ??= logIn();
      await other;
      return hash(password);
    };
    watchHashing({ isOutdated: (passwordHash) => passwordHash === HASH });
    const first = ports;
    ports = { ...ports, hashing: { ...ports.hashing, hash: hashDuringAnother } };
    const answer = logIn();
    ports = first;
    expect([await answer, await other]).toEqual(Array(2).fill(expect.objectContaining({ token: expect.any(String) })));
  });

  it('hashes nothing where the parameters are current', async () => {
    const { hash } = watchHashing();
    await logIn();
    expect(hash).not.toHaveBeenCalled();
  });
});

describe('a login is refused', () => {
  it('for a wrong password, which is recorded', async () => {
    expect(await logIn('wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await lastEvent(ports, {})).toMatchObject({
      action: 'login.refused',
      actorId: ann.id,
      accountId: ann.id,
      detail: { reason: 'invalid_credentials' },
    });
    expect(await ports.sessions.list(ann.id, NOW)).toEqual([]);
  });

  it('alike, and for the same work, for a name that nobody has and for an account without a password', async () => {
    const bob = await newAccount(ports, { username: 'Bob' });
    await ports.removePassword(bob.id);
    const { verify } = watchHashing();
    const wrong = await logIn('wrong');
    for (const [identifier, accountId] of [
      [{ username: 'Nobody' }, null],
      [{ email: 'nobody@example.com' }, null],
      [{ username: 'Bob' }, bob.id],
    ] as const) {
      expect(await logIn(PASSWORD, identifier)).toEqual(wrong);
      expect(await lastEvent(ports, {})).toMatchObject({ action: 'login.refused', accountId });
    }
    expect(verify.mock.calls).toEqual([[HASH, 'wrong'], ...Array(3).fill([undefined, PASSWORD])]);
  });

  it.each([
    ['an account', ANN],
    ['a name that nobody has', { username: 'Nobody' }],
  ])('while %s is locked, whatever the password, before it is checked', async (_, name) => {
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1)
      expect(await logIn('wrong', name)).toMatchObject({ refused: 'invalid_credentials' });
    const { verify } = watchHashing();
    const locked = { refused: 'too_many_attempts', retryAfterSeconds: 60 };
    for (const password of [PASSWORD, 'wrong']) expect(await logIn(password, name)).toMatchObject(locked);
    expect(await logIn(PASSWORD, name, NOW + 59_001)).toMatchObject({ ...locked, retryAfterSeconds: 1 });
    expect(verify).not.toHaveBeenCalled();
    await logIn('wrong', name, NOW + MINUTE_MS);
    expect(verify).toHaveBeenCalledTimes(1);
  });

  it('for many guesses at once, of which ten are checked', async () => {
    const { verify } = watchHashing();
    await Promise.all(Array.from({ length: 30 }, () => logIn('wrong')));
    expect(verify).toHaveBeenCalledTimes(FAILURES_BEFORE_LOCK);
    expect((await actionsOf(ports, ann.id)).filter((action) => action === 'account.locked')).toHaveLength(1);
  });

  it('no more once the right password cleared the count', async () => {
    for (let round = 0; round < 3; round += 1) {
      for (let made = 1; made < FAILURES_BEFORE_LOCK; made += 1) await logIn('wrong');
      expect(await logIn()).toHaveProperty('token');
    }
  });

  it('to an account that is not active, after the right password alone, and clears the count', async () => {
    await deactivate();
    expect(await logIn('wrong')).toMatchObject({ refused: 'invalid_credentials' });
    for (let made = 2; made < FAILURES_BEFORE_LOCK; made += 1) await logIn('wrong');
    expect(await logIn()).toMatchObject({ refused: 'account_disabled' });
    expect(await lastEvent(ports, {})).toMatchObject({
      action: 'login.refused',
      actorId: ann.id,
      detail: { reason: 'account_disabled' },
    });
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1)
      expect(await logIn('wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await logIn()).toMatchObject({ refused: 'too_many_attempts' });
  });

  it('to an account that must verify its email first, and sends the link again once a minute', async () => {
    await configure(ports, { EMAIL_VERIFICATION_REQUIRED: 'true' });
    expect(await logIn('wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await logIn()).toMatchObject({ refused: 'email_not_verified' });
    expect(await lastEvent(ports, {})).toMatchObject({ detail: { reason: 'email_not_verified' }, actorId: ann.id });
    await logIn(PASSWORD, ANN, NOW + 59_999);
    expect(await ports.queuedMails(ann.id)).toEqual([['email_verification', ann.email]]);
    await logIn(PASSWORD, ANN, NOW + MINUTE_MS);
    expect(await ports.queuedMails(ann.id)).toHaveLength(2);
    const withoutMail = { ...ports, mailing: NO_MAIL };
    expect(await logInForSessionToken(withoutMail, credentials(), nobody())).toHaveProperty('token');
    await ports.verifyEmail(ann.id);
    expect(await logIn()).toHaveProperty('token');
    await newAccount(ports, { username: 'No email', email: null });
    expect(await logIn(PASSWORD, { username: 'No email' })).toHaveProperty('token');
  });

  it('with no hash replaced, to an account that is not active or for a wrong password', async () => {
    const { hash } = watchHashing({ isOutdated: () => true });
    await logIn('wrong');
    await deactivate();
    await logIn();
    expect(hash).not.toHaveBeenCalled();
  });
});

describe('a proof opens no session', () => {
  const open = (proof: Proof, settings = DEFAULT_SETTINGS) => signIn(ports, proof, newSession(), settings, nobody());

  it('once the password was changed', async () => {
    const [proof, audit] = [await proofOf(ports, credentials(), nobody()), acting(ann.id)];
    if (isRefusal(proof)) throw new Error(proof.refused);
    const [evidence] = proof.evidence;
    if (evidence.kind !== 'password') throw new Error(evidence.kind);
    await ports.credentials.replace(evidence, 'another hash', 'none', undefined, audit);
    expect(await open(proof)).toEqual({ overtaken: 'password' });
    expect(await ports.sessions.list(ann.id, NOW)).toEqual([]);
  });

  it('once the account was deactivated or deleted', async () => {
    const proof = await proofOf(ports, credentials(), nobody());
    if (isRefusal(proof)) throw new Error(proof.refused);
    await deactivate();
    expect(await open(proof)).toMatchObject({ refused: 'account_disabled' });
    await ports.accounts.remove(ann.id, administering((await newAdmin(ports)).id));
    expect(await open(proof)).toEqual({ overtaken: 'password' });
  });

  it('once the email was changed, where it must be verified', async () => {
    await ports.verifyEmail(ann.id);
    const proof = await proofOf(ports, credentials(), nobody());
    if (isRefusal(proof)) throw new Error(proof.refused);
    const email = 'new@example.com';
    await ports.accounts.rename({ email }, NO_MAILS, acting(ann.id));
    const strict = { ...DEFAULT_SETTINGS, EMAIL_VERIFICATION_REQUIRED: true };
    expect(await open(proof, strict)).toMatchObject({ refused: 'email_not_verified' });
    expect(await open(proof)).toMatchObject({ accountId: ann.id });
  });
});
