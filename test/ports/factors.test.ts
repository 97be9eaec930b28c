// The contract of Factors as to authenticator apps: one is confirmed while it waits, and goes with its recovery codes.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import { PENDING_MS } from '../../src/domain/factors/factor.ts';
import { type MailKind, newMail } from '../../src/domain/mail/mail.ts';
import { byPassword } from '../../src/domain/sessions/authentication.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin, openSession } from '../support/domain/accounts.ts';
import { acting, administering, NOW } from '../support/domain/contexts.ts';
import { BOX, enrol, RECOVERY_CODE_HASHES } from '../support/domain/factors.ts';
import { newMailing } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const noticeOf = (kind: MailKind) => newMail(newMailing(), kind, {}, NOW);
const CONFIRMATION = { box: BOX, step: 10, recoveryCodeHashes: RECOVERY_CODE_HASHES };
const NOTHING = { totp: null, recoveryCodesLeft: 0, passkeys: [] };

describe.each(ADAPTERS)('authenticator apps %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
    sessionId = (await openSession(adapters, ann)).id;
  });

  const asAnn = (now = NOW) => acting(ann.id, { sessionId, now });
  const ended = () => acting(ann.id, { sessionId: crypto.randomUUID() });
  const authentication = async () => (await adapters.sessions.findLive(sessionId, NOW))?.authentication;
  const TWO_FACTORS = { methods: ['pwd', 'otp', 'mfa'], at: NOW };

  it('wait to be confirmed for a while, the last one that was begun', async () => {
    const { factors } = adapters;
    expect(await factors.pendingTotp(ann.id, NOW)).toBeUndefined();
    expect(await factors.beginTotp('an earlier box', asAnn(NOW - 5))).toBe('pending');
    expect(await factors.beginTotp(BOX, asAnn())).toBe('pending');
    expect(await factors.pendingTotp(ann.id, NOW + PENDING_MS - 1)).toBe(BOX);
    expect(await factors.pendingTotp(ann.id, NOW + PENDING_MS)).toBeUndefined();
    expect([await factors.hasAny(ann.id), await factors.overview(ann.id)]).toEqual([false, NOTHING]);
  });

  it('are confirmed with their codes, an event, a notice, and two factors for the session', async () => {
    const { factors } = adapters;
    await factors.beginTotp(BOX, asAnn());
    expect(await factors.confirmTotp(CONFIRMATION, noticeOf('factor_added'), asAnn(NOW + 5))).toBe('confirmed');
    const overview = { totp: { createdAt: NOW + 5 }, recoveryCodesLeft: 2, passkeys: [] };
    expect([await factors.hasAny(ann.id), await factors.overview(ann.id)]).toEqual([true, overview]);
    expect(await authentication()).toEqual(TWO_FACTORS);
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'factor.enrolled', detail: { factor: 'totp' } });
    expect(await adapters.queuedMails(ann.id)).toEqual([['factor_added', ann.email]]);
    expect(await factors.pendingTotp(ann.id, NOW)).toBeUndefined();
    expect(await factors.beginTotp('another box', asAnn())).toMatchObject({ refused: 'factor_enrolled' });
  });

  it('are confirmed neither late, nor by the code of another box, nor twice', async () => {
    const { factors } = adapters;
    const refused = { refused: 'factor_not_pending' };
    expect(await factors.confirmTotp(CONFIRMATION, undefined, asAnn())).toMatchObject(refused);
    await factors.beginTotp(BOX, asAnn());
    const other = { ...CONFIRMATION, box: 'another box' };
    expect(await factors.confirmTotp(other, undefined, asAnn())).toMatchObject(refused);
    expect(await factors.confirmTotp(CONFIRMATION, undefined, asAnn(NOW + PENDING_MS))).toMatchObject(refused);
    expect([await factors.hasAny(ann.id), await authentication()]).toEqual([false, byPassword(NOW)]);
    await factors.confirmTotp(CONFIRMATION, undefined, asAnn());
    expect(await factors.confirmTotp(CONFIRMATION, undefined, asAnn())).toMatchObject(refused);
  });

  it('are removed with their codes, and no session proved two factors any more', async () => {
    const { factors } = adapters;
    await enrol(adapters, ann, sessionId);
    expect(await factors.removeTotp(noticeOf('factor_removed'), asAnn())).toBe('removed');
    expect(await factors.overview(ann.id)).toEqual(NOTHING);
    expect(await authentication()).toEqual(byPassword(NOW));
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'factor.removed', detail: { factor: 'totp' } });
    expect(await adapters.queuedMails(ann.id)).toEqual([['factor_removed', ann.email]]);
    expect(await factors.removeTotp(noticeOf('factor_removed'), asAnn())).toMatchObject({
      refused: 'factor_not_found',
    });
    expect(await adapters.queuedMails(ann.id)).toHaveLength(1);
  });

  it('have recovery codes, which are replaced all together', async () => {
    const { factors } = adapters;
    const replace = () => factors.replaceRecoveryCodes(['a', 'b', 'c'], noticeOf('recovery_codes_made'), asAnn());
    expect(await replace()).toMatchObject({ refused: 'factor_not_found' });
    await enrol(adapters, ann, sessionId);
    expect(await replace()).toBe('replaced');
    expect(await factors.overview(ann.id)).toMatchObject({ recoveryCodesLeft: 3 });
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'recovery_codes.made', accountId: ann.id });
    expect(await adapters.queuedMails(ann.id)).toEqual([['recovery_codes_made', ann.email]]);
  });

  it('are removed by an admin, from any account', async () => {
    const { factors } = adapters;
    const boss = await newAdmin(adapters);
    await enrol(adapters, ann, sessionId);
    const remove = (id: number, audit = administering(boss.id)) =>
      factors.removeAll(id, noticeOf('factor_removed'), audit);
    expect(await remove(ann.id, administering(ann.id))).toMatchObject({ refused: 'forbidden' });
    expect(await remove(ann.id, { ...ended(), actorId: boss.id })).toMatchObject({ refused: 'token_revoked' });
    expect(await factors.hasAny(ann.id)).toBe(true);
    expect(await remove(ann.id)).toBe('removed');
    expect([await factors.hasAny(ann.id), await authentication()]).toEqual([false, byPassword(NOW)]);
    const event = { action: 'factor.removed', actorId: boss.id, accountId: ann.id };
    expect(await lastEvent(adapters, {})).toMatchObject(event);
    expect(await adapters.queuedMails(ann.id)).toEqual([['factor_removed', ann.email]]);
    expect(await remove(ann.id)).toBe('removed');
    expect(await adapters.queuedMails(ann.id)).toHaveLength(1);
    expect(await remove(ann.id + 1000)).toMatchObject({ refused: 'account_not_found' });
  });

  it('are changed by no authority that has ended', async () => {
    const { factors } = adapters;
    const revoked = { refused: 'token_revoked' };
    await factors.beginTotp(BOX, asAnn());
    expect(await factors.beginTotp('another box', ended())).toMatchObject(revoked);
    expect(await factors.confirmTotp(CONFIRMATION, undefined, ended())).toMatchObject(revoked);
    expect(await factors.pendingTotp(ann.id, NOW)).toBe(BOX);
    await factors.confirmTotp(CONFIRMATION, undefined, asAnn());
    expect(await factors.removeTotp(undefined, ended())).toMatchObject(revoked);
    expect(await factors.replaceRecoveryCodes(['a'], undefined, ended())).toMatchObject(revoked);
    expect(await factors.overview(ann.id)).toMatchObject({ totp: {}, recoveryCodesLeft: 2 });
  });
});
