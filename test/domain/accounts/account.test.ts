// Renaming one's own account: to any names, but never to none and never to another account's.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Account, type IdentityChange, rename } from '../../../src/domain/accounts/account.ts';
import { actionsOf, newAccount, openSession } from '../../support/domain/accounts.ts';
import { acting, DAY_MS, NOW } from '../../support/domain/contexts.ts';
import { newMailing, type WatchedMailing } from '../../support/domain/mailing.ts';
import { type Adapters, inMemory } from '../../support/memory/adapters.ts';

let mailing: WatchedMailing;
let adapters: Adapters;
let ann: Account;
beforeEach(async () => {
  mailing = newMailing();
  adapters = inMemory();
  ann = await newAccount(adapters);
});

const renamed = (change: IdentityChange, audit = acting(ann.id, { now: NOW + 1 })) =>
  rename({ ...adapters, mailing }, change, audit);

describe('a rename', () => {
  it('changes the given names', async () => {
    expect(await renamed({ username: 'Ann' })).toEqual({ ...ann, username: 'Ann', updatedAt: NOW + 1 });
    expect(await renamed({ email: null })).toMatchObject({ username: 'Ann', email: null });
  });

  it('of nothing changes nothing, and is no event', async () => {
    for (const nothing of [{}, { username: undefined, email: undefined }]) expect(await renamed(nothing)).toEqual(ann);
    expect(await actionsOf(adapters, ann.id)).toEqual(['account.registered']);
    expect(mailing.delivered).toEqual([]);
  });

  it.each<[IdentityChange, string]>([
    [{ username: null, email: null }, 'identity_required'],
    [{ username: 'BOB' }, 'username_taken'],
    [{ email: 'BOB@example.com' }, 'email_taken'],
  ])('to %j is refused', async (change, refused) => {
    await newAccount(adapters, { username: 'Bob', email: 'bob@example.com' });
    expect(await renamed(change)).toMatchObject({ refused });
    expect(await adapters.accounts.findActive(ann.id)).toEqual(ann);
  });

  it('of the email notifies the old address, if it was verified, and asks the new one', async () => {
    const unverified = await renamed({ email: 'one@example.com' });
    expect(unverified).toMatchObject({ email: 'one@example.com', emailVerified: false });
    expect(await adapters.queuedMails(ann.id)).toEqual([['email_verification', 'one@example.com']]);
    await adapters.verifyEmail(ann.id);
    expect(await renamed({ email: 'two@example.com' })).toMatchObject({ emailVerified: false });
    expect((await adapters.queuedMails(ann.id)).slice(1)).toEqual([
      ['email_changed', 'one@example.com'],
      ['email_verification', 'two@example.com'],
    ]);
    expect(mailing.delivered).toContain('email_verification');
  });

  it('of the email is refused after ten in a day', async () => {
    for (let made = 0; made < 10; made += 1) await renamed({ email: `${made}@example.com` });
    const once = { email: 'once@example.com' };
    mailing.delivered.length = 0;
    expect(await renamed(once)).toMatchObject({ refused: 'too_many_requests', retryAfterSeconds: 86_400 });
    expect(mailing.delivered).toEqual([]);
    expect(await renamed({ username: 'Ann' })).toMatchObject({ username: 'Ann', email: '9@example.com' });
    expect(await renamed(once, acting(ann.id, { now: NOW + 1 + DAY_MS }))).toMatchObject(once);
  });

  it('that would clear the only name is refused', async () => {
    const named = await newAccount(adapters, { email: null });
    expect(await renamed({ username: null }, acting(named.id))).toMatchObject({ refused: 'identity_required' });
  });

  it.each<IdentityChange>([{ username: 'Ann' }, { username: null, email: null }, {}])(
    'to %j by a session that has ended is refused',
    async (change) => {
      const { id: sessionId } = await openSession(adapters, ann);
      await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
      expect(await renamed(change, acting(ann.id, { sessionId }))).toMatchObject({ refused: 'token_revoked' });
    },
  );
});
