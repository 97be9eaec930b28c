// Profiles: the account's own or any for an admin, replaced or merged, and never over somebody else's change.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import {
  authorizeProfile,
  type ProfileChange,
  type ProfileTarget,
  readProfile,
  removeProfile,
} from '../../../src/domain/accounts/profile.ts';
import { mergeProfile, replaceProfile } from '../../../src/domain/accounts/profile-change.ts';
import { JSON_OBJECT_MAX_BYTES } from '../../../src/domain/json-object.ts';
import { byPassword } from '../../../src/domain/sessions/authentication.ts';
import type { AccountCaller } from '../../../src/domain/sign-in/caller.ts';
import { newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { acting, administering, DAY_MS, NOW } from '../../support/domain/contexts.ts';
import { newMailing, type WatchedMailing } from '../../support/domain/mailing.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let adapters: Adapters & { readonly mailing: WatchedMailing };
let boss: Account;
let ann: Account;
beforeEach(async () => {
  adapters = { ...inMemory(), mailing: newMailing() };
  boss = await newAdmin(adapters);
  ann = await newAccount(adapters, { username: 'Ann', email: 'ann@example.com', data: { a: 1, b: { c: 2 } } });
});

const ANNS: ProfileTarget = { username: 'Ann' };
const accessOf = (account: Account): AccountCaller => ({
  accountId: account.id,
  sessionId: 'a session',
  use: 'access',
  account,
});
const sessionOf = (account: Account): AccountCaller => ({
  ...accessOf(account),
  use: 'session',
  account,
  authentication: byPassword(NOW),
});
const stored = async () => (await adapters.administration.find(ann.id))?.data;
const demoteBoss = async () => {
  await newAdmin(adapters);
  await adapters.administration.change(boss.id, { role: 'user' }, administering(boss.id));
};
const deactivateBoss = async () => {
  const other = await newAdmin(adapters);
  await adapters.administration.change(boss.id, { active: false }, administering(other.id));
};
const endedSession = async () => {
  const { id: sessionId } = await openSession(adapters, ann);
  await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
  return acting(ann.id, { sessionId });
};

describe('a username means', () => {
  it('the caller’s own profile in any case', () => {
    for (const username of ['Ann', 'aNN', 'Ａnn ']) expect(authorizeProfile(accessOf(ann), username)).toBe('own');
    expect(authorizeProfile(accessOf(boss), boss.username ?? '')).toBe('own');
  });

  it('any profile to an admin', () => {
    expect(authorizeProfile(accessOf(boss), 'Ann')).toEqual(ANNS);
    expect(authorizeProfile(accessOf(boss), 'nobody')).toEqual({ username: 'nobody' });
  });

  it('nothing to anybody else, whether the account exists or not', () => {
    for (const username of [boss.username ?? '', 'nobody', 'ann@example.com'])
      expect(authorizeProfile(accessOf(ann), username)).toMatchObject({ refused: 'forbidden' });
    expect(authorizeProfile(accessOf({ ...ann, username: null }), '')).toMatchObject({ refused: 'forbidden' });
  });
});

describe('a profile is read', () => {
  it('as the caller already knows it, where it is their own', async () => {
    expect(await readProfile(adapters, ann, 'own', acting(ann.id))).toBe(ann);
  });

  it('by an admin who still is one', async () => {
    const read = (target: ProfileTarget) => readProfile(adapters, boss, target, acting(boss.id));
    expect(await read(ANNS)).toEqual(ann);
    expect(await read({ username: 'nobody' })).toMatchObject({ refused: 'not_found' });
    await demoteBoss();
    expect(await read(ANNS)).toMatchObject({ refused: 'forbidden' });
    expect(await read({ username: 'nobody' })).toMatchObject({ refused: 'forbidden' });
    await deactivateBoss();
    expect(await read(ANNS)).toMatchObject({ refused: 'token_revoked' });
  });
});

describe('a profile is replaced', () => {
  const replace = (change: Partial<ProfileChange>, target: ProfileTarget = 'own', audit = acting(ann.id)) =>
    replaceProfile(adapters, target, { email: undefined, data: {}, ...change }, audit);

  it('whole, but an email that is not given stays', async () => {
    expect(await replace({ data: { z: 1 } })).toMatchObject({ email: 'ann@example.com', data: { z: 1 } });
    expect(await stored()).toEqual({ z: 1 });
    expect(await replace({ email: 'new@example.com' })).toMatchObject({ email: 'new@example.com' });
  });

  it('by an admin who still is one', async () => {
    expect(await replace({ data: { z: 1 } }, ANNS, acting(boss.id))).toMatchObject({ data: { z: 1 } });
    expect(await replace({}, { username: 'nobody' }, acting(boss.id))).toMatchObject({ refused: 'not_found' });
    await demoteBoss();
    expect(await replace({}, ANNS, acting(boss.id))).toMatchObject({ refused: 'forbidden' });
    await deactivateBoss();
    expect(await replace({}, ANNS, acting(boss.id))).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toEqual({ z: 1 });
  });

  it('never with the email of another account, and never without a name', async () => {
    expect(await replace({ email: boss.email })).toMatchObject({ refused: 'email_taken' });
    const nameless = await newAccount(adapters, { username: null });
    expect(await replace({ email: null }, 'own', acting(nameless.id))).toMatchObject({ refused: 'identity_required' });
    expect(await stored()).toEqual(ann.data);
  });

  it('by no session that has ended', async () => {
    expect(await replace({}, 'own', await endedSession())).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toEqual(ann.data);
  });
});

describe.each<[string, (change: ProfileChange, now: number) => Promise<unknown>]>([
  ['replaced', (change, now) => replaceProfile(adapters, 'own', change, acting(ann.id, { now }))],
  ['merged', (change, now) => mergeProfile(adapters, sessionOf(ann), 'own', change, acting(ann.id, { now }))],
])('an email that is %s', (_, changeAt) => {
  const change = (wanted: ProfileChange, now = NOW) => changeAt(wanted, now);
  const data = { a: 1, b: { c: 2 } };

  it('is verified by a mail, and the old address is notified', async () => {
    await adapters.verifyEmail(ann.id);
    expect(await change({ email: 'new@example.com', data })).toMatchObject({ emailVerified: false });
    expect(await adapters.queuedMails(ann.id)).toEqual([
      ['email_changed', 'ann@example.com'],
      ['email_verification', 'new@example.com'],
    ]);
    expect(adapters.mailing.delivered).toEqual(['email_changed', 'email_verification']);
  });

  it('is refused after ten changes in a day, and sends nothing', async () => {
    for (let made = 0; made < 10; made += 1) await change({ email: `${made}@example.com`, data });
    adapters.mailing.delivered.length = 0;
    expect(await change({ email: 'one@example.com', data })).toMatchObject({ refused: 'too_many_requests' });
    expect(adapters.mailing.delivered).toEqual([]);
    expect(await change({ email: '9@EXAMPLE.com', data })).toMatchObject({ email: '9@EXAMPLE.com' });
    expect(await change({ email: 'one@example.com', data }, NOW + DAY_MS)).toMatchObject({ email: 'one@example.com' });
  });
});

describe('a profile is merged', () => {
  const merge = (
    change: Partial<ProfileChange>,
    target: ProfileTarget = 'own',
    caller: AccountCaller = accessOf(ann),
    audit = acting(caller.accountId),
  ) => mergeProfile(adapters, caller, target, { email: undefined, data: {}, ...change }, audit);

  it('as RFC 7396 has it, with the email beside it', async () => {
    const merged = await merge({ email: 'new@example.com', data: { a: null, b: { d: 3 }, e: [1] } });
    expect(merged).toMatchObject({ email: 'new@example.com', data: { b: { c: 2, d: 3 }, e: [1] } });
    expect(await stored()).toEqual({ b: { c: 2, d: 3 }, e: [1] });
  });

  it('by an admin who still is one', async () => {
    const caller = accessOf(boss);
    expect(await merge({ data: { z: 1 } }, ANNS, caller)).toMatchObject({ id: ann.id, data: { ...ann.data, z: 1 } });
    expect(await merge({}, { username: 'nobody' }, caller)).toMatchObject({ refused: 'not_found' });
    await demoteBoss();
    expect(await merge({ data: { z: 2 } }, ANNS, caller)).toMatchObject({ refused: 'forbidden' });
    await deactivateBoss();
    expect(await merge({ data: { z: 2 } }, ANNS, caller)).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toMatchObject({ z: 1 });
  });

  it('never with the email of another account, and never without a name', async () => {
    expect(await merge({ email: boss.email })).toMatchObject({ refused: 'email_taken' });
    const nameless = await newAccount(adapters, { username: null });
    expect(await merge({ email: null }, 'own', accessOf(nameless))).toMatchObject({ refused: 'identity_required' });
    expect(await merge({ email: null })).toMatchObject({ email: null });
  });

  it('into no more than may be stored', async () => {
    await merge({ data: { long: 'x'.repeat(JSON_OBJECT_MAX_BYTES / 2) } });
    const refused = await merge({ data: { longer: 'x'.repeat(JSON_OBJECT_MAX_BYTES / 2) } });
    expect(refused).toMatchObject({ refused: 'invalid_body', errors: [{ path: '' }] });
    expect(await stored()).not.toHaveProperty('longer');
  });

  it('by no session that has ended', async () => {
    const session = sessionOf(ann);
    const audit = await endedSession();
    for (const caller of [session, accessOf(ann)])
      expect(await merge({ data: { z: 1 } }, 'own', caller, audit)).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toEqual(ann.data);
  });

  it('at once by many, none of whose changes is lost', async () => {
    const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);
    const merged = await Promise.all(keys.map((key) => merge({ data: { [key]: 1 } })));
    for (const account of merged) expect(account).toHaveProperty('data');
    expect(Object.keys((await stored()) ?? {})).toEqual(expect.arrayContaining([...keys, 'a', 'b']));
  });

  it('from the data on the primary, unless the caller was just read from it', async () => {
    const [find, replace] = [vi.spyOn(adapters.profiles, 'find'), vi.spyOn(adapters.profiles, 'replace')];
    const stale = { ...ann, data: { a: 'stale' } };
    expect(await merge({ data: { z: 1 } }, 'own', accessOf(stale))).toMatchObject({ data: { ...ann.data, z: 1 } });
    expect([find, replace].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
    const fresh = { ...ann, data: { ...ann.data, z: 1 } };
    await merge({ data: { y: 1 } }, 'own', sessionOf(fresh));
    expect(find).toHaveBeenCalledTimes(1);
    await merge({ data: { x: 1 } }, 'own', sessionOf(stale));
    expect(await stored()).toEqual({ ...ann.data, x: 1, y: 1, z: 1 });
  });

  it('until it gives up, where another change always comes first', async () => {
    const replace = vi.spyOn(adapters.profiles, 'replace').mockResolvedValue(undefined);
    expect(await merge({ data: { z: 1 } })).toMatchObject({ refused: 'unavailable' });
    expect(replace).toHaveBeenCalledTimes(50);
  });
});

describe('a profile is removed', () => {
  const remove = (target: ProfileTarget, audit = acting(ann.id)) => removeProfile(adapters, target, audit);

  it('by its own account, once', async () => {
    expect(await remove('own')).toBe('removed');
    expect(await remove('own')).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toBeUndefined();
    expect(await adapters.queuedMails(ann.id)).toEqual([['account_deleted', 'ann@example.com']]);
    expect(adapters.mailing.delivered).toEqual(['account_deleted']);
  });

  it('by an admin who still is one', async () => {
    expect(await remove({ username: 'nobody' }, acting(boss.id))).toMatchObject({ refused: 'not_found' });
    const bob = await newAccount(adapters, { username: 'Bob' });
    expect(await remove({ username: 'bob' }, acting(boss.id))).toBe('removed');
    expect(await adapters.administration.find(bob.id)).toBeUndefined();
    await demoteBoss();
    expect(await remove(ANNS, acting(boss.id))).toMatchObject({ refused: 'forbidden' });
    await deactivateBoss();
    expect(await remove(ANNS, acting(boss.id))).toMatchObject({ refused: 'token_revoked' });
    expect(await stored()).toEqual(ann.data);
  });

  it('but not the last admin’s, nor by a session that has ended', async () => {
    expect(await remove('own', acting(boss.id))).toMatchObject({ refused: 'last_admin' });
    expect(await remove({ username: boss.username ?? '' }, acting(boss.id))).toMatchObject({ refused: 'last_admin' });
    expect(await remove('own', await endedSession())).toMatchObject({ refused: 'token_revoked' });
  });
});
