// Passkeys are made and used in answer to our own challenges: by their owner, in the session that asked, once each.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { assertionOptions, checkPasskey } from '../../../src/domain/passkeys/assertion.ts';
import { CHALLENGE_MS } from '../../../src/domain/passkeys/challenge.ts';
import { addPasskey, registrationOptions, removePasskey } from '../../../src/domain/passkeys/registration.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { logInWithPasskey } from '../../../src/domain/sign-in/passkey-login.ts';
import { reauthenticateWithPasskey, reauthenticationScope } from '../../../src/domain/sign-in/reauthentication.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../../support/domain/accounts.ts';
import { acting, administering, NOW, nobody } from '../../support/domain/contexts.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';
import { type Algorithm, type Behaviour, newAuthenticator } from '../../support/soft-authenticator.ts';

let ports: AllPorts;
let ann: Account;
let sessionId: string;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sessionId = (await openSession(ports, ann)).id;
});

const audit = (now = NOW, session = sessionId) => acting(ann.id, { sessionId: session, now });

/** The data that a browser passes to an authenticator. */
async function creation(now = NOW) {
  const { challenge, relyingPartyId, userHandle } = await registrationOptions(ports, ann, audit(now));
  return { challenge, rp: { id: relyingPartyId }, user: { id: userHandle } };
}

async function add(authenticator = newAuthenticator(), behaviour: Behaviour = {}, context = audit()) {
  return addPasskey(ports, await authenticator.create(await creation(), behaviour), 'Phone', context);
}

async function added(algorithm?: Algorithm) {
  const authenticator = newAuthenticator(algorithm);
  const passkey = await add(authenticator);
  if (isRefusal(passkey)) throw new Error(passkey.refused);
  return { authenticator, id: passkey.id };
}

const request = async (now = NOW) => {
  const { challenge, relyingPartyId: rpId } = await assertionOptions(ports, { purpose: 'login' }, now);
  return { challenge, rpId };
};

async function logIn(authenticator: ReturnType<typeof newAuthenticator>, behaviour: Behaviour = {}) {
  return logInWithPasskey(ports, await authenticator.get(await request(), behaviour), nobody());
}

const LURES: readonly (readonly [string, Behaviour])[] = [
  ['another origin', { origin: 'https://phish.example' }],
  ['another relying party', { rpId: 'phish.example' }],
  ['another ceremony', { type: 'payment.get' }],
  ['a challenge that is none of ours', { challenge: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['a page in another one', { crossOrigin: true, topOrigin: 'https://phish.example' }],
  ['nobody verified', { userVerified: false }],
  ['nobody present', { userPresent: false }],
];

describe('a passkey is added', () => {
  it('by options that name the account, the service, and the passkeys that it has', async () => {
    await configure(ports, { SERVICE_NAME: 'My Service' });
    await added();
    expect(await registrationOptions(ports, ann, audit())).toMatchObject({
      relyingPartyId: 'localhost',
      relyingPartyName: 'My Service',
      userName: ann.email,
      displayName: ann.username,
      exclude: await ports.passkeys.descriptors(ann.id),
      timeoutMs: CHALLENGE_MS,
    });
    expect(await ports.passkeys.descriptors(ann.id)).toHaveLength(1);
  });

  it.each<[Algorithm]>([['ES256'], ['EdDSA'], ['RS256']])('with %s, and the owner is notified', async (algorithm) => {
    const { id } = await added(algorithm);
    expect((await ports.factors.overview(ann.id)).passkeys).toMatchObject([{ id, name: 'Phone' }]);
    expect(ports.mailing.delivered).toEqual(['factor_added']);
    expect(await ports.queuedMails(ann.id)).toEqual([['factor_added', ann.email]]);
  });

  it.each(LURES)('for no answer of %s', async (_, behaviour) => {
    expect(await add(newAuthenticator(), behaviour)).toMatchObject({ refused: 'invalid_new_passkey' });
    expect([await ports.passkeys.descriptors(ann.id), ports.mailing.delivered]).toEqual([[], []]);
  });

  it('for no attestation whose issuer would have to be looked up', async () => {
    const attStmt = new Map<string, unknown>([['x5c', [new Uint8Array(9)]]]);
    const refused = { refused: 'invalid_new_passkey' };
    expect(await add(newAuthenticator(), { fmt: 'packed', attStmt })).toMatchObject(refused);
    expect(await add(newAuthenticator(), { fmt: 'tpm' })).toMatchObject(refused);
  });

  it('once for a challenge, in time, and in the session that asked', async () => {
    const authenticator = newAuthenticator();
    const response = await authenticator.create(await creation());
    const refused = { refused: 'invalid_new_passkey' };
    expect(await addPasskey(ports, response, 'Phone', audit(NOW + CHALLENGE_MS))).toMatchObject(refused);
    const other = await openSession(ports, ann);
    expect(await addPasskey(ports, response, 'Phone', audit(NOW, other.id))).toMatchObject(refused);
    expect(await addPasskey(ports, response, 'Phone', audit(NOW + CHALLENGE_MS - 1))).toMatchObject({ name: 'Phone' });
    expect(await addPasskey(ports, response, 'Phone', audit())).toMatchObject(refused);
  });

  it('under no id but its own', async () => {
    const response = await newAuthenticator().create(await creation());
    const renamed = { ...response, id: `${response.id.startsWith('A') ? 'B' : 'A'}${response.id.slice(1)}` };
    expect(await addPasskey(ports, renamed, 'Phone', audit())).toMatchObject({ refused: 'invalid_new_passkey' });
  });
});

describe('a login with a passkey', () => {
  it('proves two factors', async () => {
    const { authenticator } = await added();
    expect(await logIn(authenticator)).toHaveProperty('accessToken');
    const { items } = await ports.auditTrail.page({ action: 'login.succeeded' }, undefined, 1);
    const id = String(items[0]?.detail.session_id);
    const authentication = { methods: ['hwk', 'user', 'mfa'], at: NOW };
    expect(await ports.sessions.findLive(id, NOW)).toMatchObject({ authentication });
  });

  it.each(LURES)('is refused for %s', async (_, behaviour) => {
    const { authenticator } = await added();
    expect(await logIn(authenticator, behaviour)).toMatchObject({ refused: 'invalid_passkey' });
    expect(await logIn(authenticator)).toHaveProperty('accessToken');
  });

  it('is refused for another user handle, and for none', async () => {
    const { authenticator } = await added();
    for (const userHandle of ['AAAA', undefined])
      expect(await logIn(authenticator, { userHandle })).toMatchObject({ refused: 'invalid_passkey' });
    expect(await lastEvent(ports, {})).toMatchObject({ action: 'login.refused', accountId: ann.id });
  });

  it('is refused for a signature by another key', async () => {
    const [{ authenticator }, other] = [await added(), await added()];
    const [right, wrong] = [await authenticator.get(await request()), await other.authenticator.get(await request())];
    const forged = { ...right, response: { ...right.response, signature: wrong.response.signature } };
    expect(await logInWithPasskey(ports, forged, nobody())).toMatchObject({ refused: 'invalid_passkey' });
  });

  it('is refused with a counter that did not rise, which is recorded', async () => {
    const { authenticator } = await added();
    expect(await logIn(authenticator, { counter: 7 })).toHaveProperty('accessToken');
    expect(await logIn(authenticator, { counter: 7 })).toMatchObject({ refused: 'invalid_passkey' });
    expect(await actionsOf(ports, ann.id)).toContain('passkey.counter_went_back');
  });

  it('is refused for a passkey that became a synced one', async () => {
    const { authenticator } = await added();
    expect(await logIn(authenticator, { backupEligible: true })).toMatchObject({ refused: 'invalid_passkey' });
  });

  it('is refused to an account that was deactivated, and to one whose email must be verified', async () => {
    const { authenticator } = await added();
    await configure(ports, { EMAIL_VERIFICATION_REQUIRED: 'true' });
    expect(await logIn(authenticator)).toMatchObject({ refused: 'email_not_verified' });
    await ports.administration.change(ann.id, { active: false }, administering((await newAdmin(ports)).id));
    expect(await logIn(authenticator)).toMatchObject({ refused: 'account_disabled' });
  });

  it('is refused a second time for a challenge, and once it has expired', async () => {
    const { authenticator } = await added();
    const assertion = await authenticator.get(await request());
    expect(await logInWithPasskey(ports, assertion, nobody(NOW + CHALLENGE_MS))).toMatchObject({
      refused: 'invalid_passkey',
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => logInWithPasskey(ports, assertion, nobody())));
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
  });

  it('is refused without a read of storage where the challenge is not ours', async () => {
    const { authenticator } = await added();
    const before = await actionsOf(ports, ann.id);
    await logIn(authenticator, { challenge: 'AAAA' });
    expect(await actionsOf(ports, ann.id)).toEqual(before);
  });
});

describe('a session proves its credentials again', () => {
  const reauthenticate = async (authenticator: ReturnType<typeof newAuthenticator>, context = audit(NOW + 5)) => {
    const scope = reauthenticationScope(context);
    const { challenge, relyingPartyId: rpId, allow } = await assertionOptions(ports, scope, context.now);
    expect(allow).toEqual(await ports.passkeys.descriptors(context.actorId));
    return reauthenticateWithPasskey(ports, await authenticator.get({ challenge, rpId }), context);
  };

  it('by a passkey of its account', async () => {
    const { authenticator } = await added();
    expect(await reauthenticate(authenticator)).toBe('renewed');
    const authentication = { methods: ['hwk', 'user', 'mfa'], at: NOW + 5 };
    expect(await ports.sessions.findLive(sessionId, NOW)).toMatchObject({ authentication });
  });

  it('by no passkey of another account', async () => {
    const { authenticator } = await added();
    const bob = await newAccount(ports);
    const { id } = await openSession(ports, bob);
    const context = acting(bob.id, { sessionId: id });
    expect(await reauthenticate(authenticator, context)).toMatchObject({ refused: 'invalid_passkey' });
  });

  it('by no challenge of a login, and not where it has ended', async () => {
    const { authenticator } = await added();
    const assertion = await authenticator.get(await request());
    const proof = checkPasskey(ports, assertion, reauthenticationScope(audit()), audit());
    expect(await proof).toMatchObject({ refused: 'invalid_passkey' });
    await ports.sessions.end({ accountId: ann.id, sessionId }, audit());
    expect(await reauthenticate(authenticator)).toMatchObject({ refused: 'token_revoked' });
  });
});

it('the removal of a passkey is mailed to its owner, and the last way to sign in stays', async () => {
  const [first, second] = [await added(), await added()];
  await ports.removePassword(ann.id);
  ports.mailing.delivered.length = 0;
  expect(await removePasskey(ports, first.id, audit())).toBe('removed');
  expect(await removePasskey(ports, first.id, audit())).toMatchObject({ refused: 'passkey_not_found' });
  expect(await removePasskey(ports, second.id, audit())).toMatchObject({ refused: 'last_credential' });
  expect(ports.mailing.delivered).toEqual(['factor_removed']);
  expect(await logIn(first.authenticator)).toMatchObject({ refused: 'invalid_passkey' });
});
