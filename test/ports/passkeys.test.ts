// The contract of Passkeys: a challenge works once, a credential is one account's, and a way to sign in is always left.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { newMail } from '../../src/domain/mail/mail.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, NOW } from '../support/domain/contexts.ts';
import { newMailing } from '../support/domain/mailing.ts';
import { newChallenge, newPasskey, passkeyFields } from '../support/domain/passkeys.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const notice = (kind: 'factor_added' | 'factor_removed') => newMail(newMailing(), kind, { factor: 'passkey' }, NOW);

describe.each(ADAPTERS)('passkeys %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
    sessionId = (await openSession(adapters, ann)).id;
  });

  const asAnn = () => acting(ann.id, { sessionId });
  const ended = () => acting(ann.id, { sessionId: crypto.randomUUID() });
  const listed = async () => (await adapters.factors.overview(ann.id)).passkeys;

  it('are added with an event and a notice, and found by their credential', async () => {
    const passkey = passkeyFields({ backupEligible: true, backedUp: true });
    const added = await adapters.passkeys.add(passkey, newChallenge(), notice('factor_added'), asAnn());
    expect(added).toEqual({ id: passkey.id, name: 'Phone', createdAt: NOW, lastUsedAt: null, backedUp: true });
    expect(await listed()).toEqual([added]);
    expect(await adapters.factors.hasAny(ann.id)).toBe(true);
    const { credentialId, transports, publicKey, backupEligible } = passkey;
    const credential = { credentialId, transports, publicKey, backupEligible };
    expect(await adapters.passkeys.find(credentialId)).toEqual({ id: passkey.id, credential, account: ann });
    expect(await adapters.passkeys.descriptors(ann.id)).toEqual([{ credentialId, transports }]);
    const detail = { passkey_id: passkey.id, name: 'Phone' };
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'passkey.added', accountId: ann.id, detail });
    expect(await adapters.queuedMails(ann.id)).toEqual([['factor_added', ann.email]]);
    expect(await adapters.passkeys.find('another credential')).toBeUndefined();
  });

  it('are added once for a challenge', async () => {
    const challenge = newChallenge();
    const add = () => adapters.passkeys.add(passkeyFields(), challenge, notice('factor_added'), asAnn());
    expect(await add()).toMatchObject({ name: 'Phone' });
    expect(await add()).toMatchObject({ refused: 'invalid_new_passkey' });
    expect([(await listed()).length, (await adapters.queuedMails(ann.id)).length]).toEqual([1, 1]);
  });

  it('are one account’s, and do not use up the challenge of a refused one', async () => {
    const { credentialId } = passkeyFields();
    const bob = await newAccount(adapters);
    await newPasskey(adapters, bob, (await openSession(adapters, bob)).id, { credentialId });
    const challenge = newChallenge();
    const add = (id: string) =>
      adapters.passkeys.add(passkeyFields({ credentialId: id }), challenge, notice('factor_added'), asAnn());
    expect(await add(credentialId)).toMatchObject({ refused: 'passkey_exists' });
    expect(await adapters.queuedMails(ann.id)).toEqual([]);
    expect(await add('another')).toMatchObject({ name: 'Phone' });
  });

  it('are added in no session that has ended, whatever token acts', async () => {
    await adapters.sessions.end({ accountId: ann.id, sessionId }, asAnn());
    const token = { ...acting(ann.id), sessionId };
    for (const audit of [asAnn(), token])
      expect(await adapters.passkeys.add(passkeyFields(), newChallenge(), undefined, audit)).toMatchObject({
        refused: 'token_revoked',
      });
    expect(await listed()).toEqual([]);
  });

  it('are renamed by their owner alone', async () => {
    const { id } = await newPasskey(adapters, ann, sessionId);
    const bob = await newAccount(adapters);
    expect(await adapters.passkeys.rename(id, 'Key', acting(bob.id))).toMatchObject({ refused: 'passkey_not_found' });
    expect(await adapters.passkeys.rename(id, 'Key', ended())).toMatchObject({ refused: 'token_revoked' });
    expect(await listed()).toMatchObject([{ name: 'Phone' }]);
    expect(await adapters.passkeys.rename(id, 'Key', asAnn())).toMatchObject({ id, name: 'Key' });
    expect(await listed()).toMatchObject([{ name: 'Key' }]);
  });

  it('are removed by their owner alone, with an event and a notice', async () => {
    const { id } = await newPasskey(adapters, ann, sessionId);
    const remove = (audit = asAnn()) => adapters.passkeys.remove(id, notice('factor_removed'), audit);
    expect(await remove(acting((await newAccount(adapters)).id))).toMatchObject({ refused: 'passkey_not_found' });
    expect(await remove(ended())).toMatchObject({ refused: 'token_revoked' });
    expect(await remove()).toBe('removed');
    expect(await listed()).toEqual([]);
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'passkey.removed', detail: { name: 'Phone' } });
    expect(await adapters.queuedMails(ann.id)).toEqual([['factor_removed', ann.email]]);
    expect(await remove()).toMatchObject({ refused: 'passkey_not_found' });
  });

  it('are not removed where neither a password nor another one is left', async () => {
    const [first, second] = [await newPasskey(adapters, ann, sessionId), await newPasskey(adapters, ann, sessionId)];
    await adapters.removePassword(ann.id);
    const remove = (id: string) => adapters.passkeys.remove(id, notice('factor_removed'), asAnn());
    expect(await remove(first.id)).toBe('removed');
    expect(await remove(second.id)).toMatchObject({ refused: 'last_credential' });
    expect(await listed()).toMatchObject([{ id: second.id }]);
    expect(await adapters.queuedMails(ann.id)).toHaveLength(1);
  });

  it('are removed with every factor by an admin, and no session proved two any more', async () => {
    const boss = await newAdmin(adapters);
    await newPasskey(adapters, ann, sessionId);
    expect(await adapters.factors.removeAll(ann.id, undefined, administering(boss.id))).toBe('removed');
    expect(await listed()).toEqual([]);
    expect(await adapters.sessions.findLive(sessionId, NOW)).toMatchObject({ authentication: byPassword(NOW) });
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'passkey.removed', actorId: boss.id });
  });

  it('go with their account', async () => {
    const passkey = passkeyFields();
    await newPasskey(adapters, ann, sessionId, passkey);
    await adapters.accounts.remove(ann.id, asAnn());
    await adapters.settled();
    expect(await adapters.passkeys.find(passkey.credentialId)).toBeUndefined();
  });

  it('that were used wrongly are on record', async () => {
    await adapters.passkeys.recordWrong(ann.id, asAnn());
    expect(await actionsOf(adapters, ann.id)).toContain('login.refused');
    await adapters.passkeys.recordWrong(null, asAnn());
    const event = { action: 'login.refused', accountId: null, detail: { reason: 'invalid_passkey' } };
    expect(await lastEvent(adapters, {})).toMatchObject(event);
  });
});
