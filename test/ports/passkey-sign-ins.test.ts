// The contract of SignIns as to passkeys: a challenge works once, and a signature counter must rise.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { PasskeyEvidence } from '../../src/domain/passkeys/passkey.ts';
import type { Proof } from '../../src/domain/sign-in/proof.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, NO_NEEDS, newAccount, newSession, openSession } from '../support/domain/accounts.ts';
import { acting, NOW } from '../support/domain/contexts.ts';
import { newChallenge, newPasskey, provenBy } from '../support/domain/passkeys.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('sign-ins with a passkey %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let sessionId: string;
  let passkeyId: string;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
    sessionId = (await openSession(adapters, ann)).id;
    passkeyId = (await newPasskey(adapters, ann, sessionId)).id;
  });

  const proof = (fields: Partial<PasskeyEvidence> = {}) => provenBy(ann, passkeyId, fields);
  const open = (by: Proof, session = newSession()) =>
    adapters.signIns.openSession(by, NO_NEEDS, session, acting(ann.id));
  const renew = (by: Proof) => adapters.signIns.renewSession(by, acting(ann.id, { sessionId, now: NOW + 5 }));
  const overtaken = { overtaken: 'passkey' };

  it('open a session that proved two factors, and record the use', async () => {
    const session = newSession();
    expect(await open(proof({ counter: 7, backedUp: true }), session)).toBe('opened');
    const authentication = { methods: ['hwk', 'user', 'mfa'], at: NOW };
    expect(await adapters.sessions.findLive(session.id, NOW)).toMatchObject({ authentication });
    expect((await adapters.factors.overview(ann.id)).passkeys).toMatchObject([{ lastUsedAt: NOW, backedUp: true }]);
  });

  it('open one session for a challenge', async () => {
    const challenge = newChallenge();
    expect(await open(proof({ challenge }))).toBe('opened');
    expect(await open(proof({ challenge }))).toEqual(overtaken);
    expect(await renew(proof({ challenge }))).toEqual(overtaken);
    expect(await adapters.sessions.list(ann.id, NOW)).toHaveLength(2);
  });

  it('open none with a counter that did not rise, which is recorded', async () => {
    expect(await open(proof({ counter: 7 }))).toBe('opened');
    for (const counter of [7, 3, 0]) expect(await open(proof({ counter }))).toEqual(overtaken);
    const detail = { passkey_id: passkeyId, stored: 7, sent: 0 };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'passkey.counter_went_back', detail });
    expect(await open(proof({ counter: 8 }))).toBe('opened');
  });

  it('open any number where the authenticator keeps no counter', async () => {
    for (let made = 0; made < 3; made += 1) expect(await open(proof())).toBe('opened');
    expect(await actionsOf(adapters, ann.id)).not.toContain('passkey.counter_went_back');
  });

  it('open none for another account, or once the passkey is removed', async () => {
    const bob = await newAccount(adapters);
    expect(await open(provenBy(bob, passkeyId))).toEqual(overtaken);
    await adapters.passkeys.remove(passkeyId, undefined, acting(ann.id));
    expect(await open(proof())).toEqual(overtaken);
  });

  it('renew the session that acts', async () => {
    expect(await renew(proof({ counter: 2, isSynced: true }))).toBe('renewed');
    const authentication = { methods: ['swk', 'user', 'mfa'], at: NOW + 5 };
    expect(await adapters.sessions.findLive(sessionId, NOW)).toMatchObject({ authentication });
    expect(await renew(proof({ counter: 2 }))).toEqual(overtaken);
    await adapters.sessions.end({ accountId: ann.id, sessionId }, acting(ann.id));
    expect(await renew(proof({ counter: 3 }))).toBe('ended');
  });

  it('use the passkey with a refusal as well, and never turn its counter back', async () => {
    const challenge = newChallenge();
    const refuse = (fields: Partial<PasskeyEvidence>) =>
      adapters.signIns.recordRefusal(proof(fields), 'account_disabled', undefined, acting(ann.id));
    await refuse({ challenge, counter: 4 });
    await refuse({ challenge, counter: 4 });
    const refusals = (await actionsOf(adapters, ann.id)).filter((action) => action === 'login.refused');
    expect(refusals).toHaveLength(1);
    await refuse({ counter: 2 });
    expect(await open(proof({ counter: 4 }))).toEqual(overtaken);
  });
});
