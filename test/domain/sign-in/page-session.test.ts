// Sessions of browsers: a cookie, read with its session and its account at each page; those of /admin are admins'.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { FAILURES_BEFORE_LOCK } from '../../../src/domain/passwords/lockout.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import { authorizeAdmin } from '../../../src/domain/sign-in/admin-session.ts';
import { authenticateBearer } from '../../../src/domain/sign-in/bearer.ts';
import { authenticatePage, endPageSession, PAGE_SESSION_SECONDS } from '../../../src/domain/sign-in/page-session.ts';
import { signInWithPassword } from '../../../src/domain/sign-in/page-sign-in.ts';
import { signToken } from '../../../src/domain/tokens/jwt.ts';
import { lastEvent, newAccount, newAdmin, openSession, PASSWORD } from '../../support/domain/accounts.ts';
import { administering, MINUTE_MS, NOW, nobody, SECOND_MS } from '../../support/domain/contexts.ts';
import { enrol } from '../../support/domain/factors.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

const END = NOW + PAGE_SESSION_SECONDS * SECOND_MS;

let ports: AllPorts;
let boss: Account;
beforeEach(async () => {
  ports = await domainPorts();
  boss = await newAdmin(ports);
});

const signIn = ({ username }: Account, password = PASSWORD) =>
  signInWithPassword(ports, { identifier: { username: username ?? '' }, password }, nobody());
async function cookieOf(account: Account): Promise<string> {
  const cookie = await signIn(account);
  if (typeof cookie !== 'string') throw new Error(JSON.stringify(cookie));
  return cookie;
}
async function authenticate(cookie: string | undefined, now = NOW) {
  const session = await authenticatePage(ports, cookie, now);
  return isRefusal(session) ? session : authorizeAdmin(ports, session, now);
}

describe('signing in', () => {
  it('gives a cookie for a working day', async () => {
    const cookie = await cookieOf(boss);
    const [session] = await ports.sessions.list(boss.id, NOW);
    expect(session).toMatchObject({ kind: 'session', expiresAt: END });
    expect(await authenticate(cookie, END - 1)).toEqual({
      account: boss,
      sessionId: session?.id,
      authentication: byPassword(NOW),
    });
    expect(await authenticate(cookie, END)).toMatchObject({ refused: 'token_required' });
  });

  it('shows no admin page to anybody else', async () => {
    const ann = await newAccount(ports);
    expect(await signIn(ann, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await authenticate(await cookieOf(ann))).toMatchObject({ refused: 'forbidden' });
  });

  it('continues with a code where there is an authenticator app', async () => {
    await cookieOf(boss);
    const [session] = await ports.sessions.list(boss.id, NOW);
    await enrol(ports, boss, session?.id ?? '');
    expect(await signIn(boss, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
    expect(await signIn(boss)).toHaveProperty('pending');
  });

  it('is refused as any login is', async () => {
    const [ann, other] = [await newAccount(ports), await newAdmin(ports)];
    for (const { id } of [ann, other]) await ports.administration.change(id, { active: false }, administering(boss.id));
    for (const account of [ann, other]) {
      expect(await signIn(account, 'wrong')).toMatchObject({ refused: 'invalid_credentials' });
      expect(await signIn(account)).toMatchObject({ refused: 'account_disabled' });
    }
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1) await signIn(boss, 'wrong');
    expect(await signIn(boss)).toMatchObject({ refused: 'too_many_attempts' });
  });
});

describe('a page', () => {
  it('requires a cookie of ours', async () => {
    await cookieOf(boss);
    const [session] = await ports.sessions.list(boss.id, NOW);
    const claims = { accountId: boss.id, sessionId: session?.id ?? '', use: 'session' } as const;
    const bearer = await signToken(ports.issuer, claims, 60, NOW);
    for (const cookie of [undefined, '', 'garbage', bearer])
      expect(await authenticate(cookie)).toMatchObject({ refused: 'token_required' });
  });

  it('takes no cookie for a bearer token', async () => {
    const authorization = `Bearer ${await cookieOf(boss)}`;
    expect(await authenticateBearer(ports, authorization, NOW)).toMatchObject({ refused: 'token_invalid' });
  });

  it('asks to sign in again where the session or the account has ended', async () => {
    const [cookie, other] = [await cookieOf(boss), await newAdmin(ports)];
    await endPageSession(ports, cookie, nobody());
    expect(await authenticate(cookie)).toMatchObject({ refused: 'token_required' });
    expect(await lastEvent(ports, {})).toMatchObject({ action: 'session.ended', actorId: boss.id });
    const next = await cookieOf(boss);
    await ports.administration.change(boss.id, { active: false }, administering(other.id));
    expect(await authenticate(next)).toMatchObject({ refused: 'token_required' });
  });

  it('asks to sign in again where the session is another account’s', async () => {
    const other = await newAdmin(ports);
    await cookieOf(other);
    const [session] = await ports.sessions.list(other.id, NOW);
    const claims = { accountId: boss.id, sessionId: session?.id ?? '', use: 'cookie' } as const;
    expect(await authenticate(await signToken(ports.issuer, claims, 60, NOW))).toMatchObject({
      refused: 'token_required',
    });
  });

  it('is forbidden to a former admin', async () => {
    const [cookie, other] = [await cookieOf(boss), await newAdmin(ports)];
    await ports.administration.change(boss.id, { role: 'user' }, administering(other.id));
    expect(await authenticate(cookie)).toMatchObject({ refused: 'forbidden' });
  });

  it('requires a session that proved two factors, where the setting does', async () => {
    const cookie = await cookieOf(boss);
    const [session] = await ports.sessions.list(boss.id, NOW);
    const other = await openSession(ports, boss);
    await configure(ports, { ADMIN_SECOND_FACTOR_REQUIRED: 'true' });
    expect(await authenticate(cookie)).toMatchObject({ refused: 'second_factor_enrollment_required' });
    await enrol(ports, boss, session?.id ?? '');
    expect(await authenticate(cookie)).toMatchObject({ sessionId: session?.id, proven: { factors: 2 } });
    const claims = { accountId: boss.id, sessionId: other.id, use: 'cookie' } as const;
    const earlier = await signToken(ports.issuer, claims, 60, NOW);
    expect(await authenticate(earlier)).toMatchObject({ refused: 'reauthentication_required' });
  });

  it('ends at the age at which sessions end', async () => {
    const cookie = await cookieOf(boss);
    await configure(ports, { SESSION_MAX_AGE: '100' });
    expect(await authenticate(cookie, NOW + 99_999)).toHaveProperty('account');
    expect(await authenticate(cookie, NOW + 100_000)).toMatchObject({ refused: 'token_required' });
  });

  it('that signs out with a cookie of no session ends nothing', async () => {
    const cookie = await cookieOf(boss);
    for (const other of [undefined, 'garbage']) await endPageSession(ports, other, nobody());
    expect(await authenticate(cookie)).toHaveProperty('account');
  });

  it('records the use of its session where the last is more than five minutes old', async () => {
    const cookie = await cookieOf(boss);
    const recordUse = vi.spyOn(ports.sessions, 'recordUse');
    await authenticate(cookie, NOW + 5 * MINUTE_MS);
    expect(recordUse).not.toHaveBeenCalled();
    await authenticate(cookie, NOW + 5 * MINUTE_MS + 1);
    expect(recordUse).toHaveBeenCalledTimes(1);
  });
});
