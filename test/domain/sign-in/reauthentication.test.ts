// A live session proves its credentials again; for a while, it may make writes that require recent ones.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { FAILURES_BEFORE_LOCK } from '../../../src/domain/passwords/lockout.ts';
import type { Caller } from '../../../src/domain/sign-in/caller.ts';
import { reauthenticate } from '../../../src/domain/sign-in/reauthentication.ts';
import { requireRecent } from '../../../src/domain/sign-in/recent.ts';
import { newAccount, newAdmin, openSession, PASSWORD } from '../../support/domain/accounts.ts';
import { acting, administering, MINUTE_MS, NOW } from '../../support/domain/contexts.ts';
import { enrol } from '../../support/domain/factors.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

const LATER = NOW + 11 * MINUTE_MS;

let ports: AllPorts;
let ann: Account;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sessionId = (await openSession(ports, ann)).id;
});

const access = (): Caller => ({ accountId: ann.id, sessionId, use: 'access' });
async function session(now: number): Promise<Caller> {
  const live = await ports.sessions.findLive(sessionId, now);
  if (!live) throw new Error('no session');
  return { accountId: ann.id, sessionId, use: 'session', account: ann, authentication: live.authentication };
}
const renew = (password = PASSWORD, otp?: string, now = LATER) =>
  reauthenticate(ports, { password, otp }, acting(ann.id, { sessionId, now }));
const provedAt = async () => (await ports.sessions.findLive(sessionId, NOW))?.authentication.at;

describe('a session proves its credentials again', () => {
  it('with its password, and has proven it now', async () => {
    expect(await renew()).toBe('renewed');
    expect(await provedAt()).toBe(LATER);
  });

  it('never with a wrong one, nor after ten of them', async () => {
    for (let made = 0; made < FAILURES_BEFORE_LOCK; made += 1)
      expect(await renew('wrong')).toMatchObject({ refused: 'wrong_password' });
    expect(await renew()).toMatchObject({ refused: 'too_many_attempts', retryAfterSeconds: 60 });
    expect(await provedAt()).toBe(NOW);
  });

  it('never with a password alone where its account has an app', async () => {
    await enrol(ports, ann, sessionId);
    expect(await renew()).toMatchObject({ refused: 'second_factor_required' });
    expect(await provedAt()).toBe(NOW);
  });

  it('never once it has ended, or its account was deactivated', async () => {
    await ports.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    expect(await renew()).toMatchObject({ refused: 'token_revoked' });
    await ports.administration.change(ann.id, { active: false }, administering((await newAdmin(ports)).id));
    expect(await renew()).toMatchObject({ refused: 'token_revoked' });
  });

  it('never with a password that was changed while it was checked', async () => {
    const hashing = {
      ...ports.hashing,
      verify: async (hash: string | undefined, password: string) => {
        const guess = await ports.guesses.guessForSession(ann.id, 'another', acting(ann.id));
        const evidence = { kind: 'password', passwordHash: hash ?? '', guess } as const;
        await ports.credentials.replace(evidence, 'another hash', sessionId, undefined, acting(ann.id));
        return ports.hashing.verify(hash, password);
      },
    };
    const audit = acting(ann.id, { sessionId, now: LATER });
    const refused = await reauthenticate({ ...ports, hashing }, { password: PASSWORD, otp: undefined }, audit);
    expect(refused).toMatchObject({ refused: 'wrong_password' });
    expect(await provedAt()).toBe(NOW);
  });
});

describe('recent credentials', () => {
  it('are those of the last ten minutes, whatever the token', async () => {
    const last = NOW + 10 * MINUTE_MS;
    for (const caller of [access(), await session(NOW)]) {
      expect(await requireRecent(ports, caller, 'always', last)).toEqual({ ...caller, proven: { since: NOW } });
      const refused = { refused: 'reauthentication_required' };
      expect(await requireRecent(ports, caller, 'always', last + 1)).toMatchObject(refused);
    }
    await renew();
    for (const caller of [access(), await session(LATER)])
      expect(await requireRecent(ports, caller, 'always', LATER)).toHaveProperty('proven');
  });

  it('are as recent as the setting says, and leave the proof of factors', async () => {
    await configure(ports, { REAUTHENTICATION_AGE: '60' });
    const caller = { ...access(), proven: { factors: 2 } } as const;
    expect(await requireRecent(ports, caller, 'always', NOW + MINUTE_MS)).toMatchObject({
      proven: { factors: 2, since: NOW },
    });
    expect(await requireRecent(ports, caller, 'always', NOW + MINUTE_MS + 1)).toHaveProperty('refused');
  });

  it('are required for changes where the setting says so', async () => {
    const caller = access();
    expect(await requireRecent(ports, caller, 'for changes', LATER)).toBe(caller);
    await configure(ports, { REAUTHENTICATE_FOR_CHANGES: 'true' });
    expect(await requireRecent(ports, caller, 'for changes', LATER)).toMatchObject({
      refused: 'reauthentication_required',
    });
  });

  it('belong to a live session', async () => {
    await ports.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    expect(await requireRecent(ports, access(), 'always', NOW)).toMatchObject({ refused: 'token_revoked' });
  });
});
