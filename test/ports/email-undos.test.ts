// The contract of EmailUndos: a link to the old address gives the account back, without anything added since.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { NewMail } from '../../src/domain/mail/mail.ts';
import { LIFETIME_MS } from '../../src/domain/one-time-tokens/one-time-token.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { actionsOf, newAccount, openSession } from '../support/domain/accounts.ts';
import { acting, NOW, nobody } from '../support/domain/contexts.ts';
import { enrol } from '../support/domain/factors.ts';
import { mailWithLink } from '../support/domain/mailing.ts';
import { newPasskey } from '../support/domain/passkeys.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const STOLEN = 'thief@example.com';
const THEN = NOW + 5;

describe.each(ADAPTERS)('undos of emails %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  let sessionId: string;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
    await adapters.verifyEmail(ann.id);
    sessionId = (await openSession(adapters, ann)).id;
  });

  /** Changes the email, and returns the mail with the link that undoes it. */
  async function change(email: string, now = NOW): Promise<NewMail> {
    const notice = mailWithLink('email_changed', { email }, now);
    const verification = mailWithLink('email_verification', { cause: 'change' }, now);
    const changed = await adapters.accounts.rename({ email }, { notice, verification }, acting(ann.id, { now }));
    expect(changed).toMatchObject({ email });
    return notice;
  }
  const undo = ({ token }: NewMail, now = THEN) =>
    adapters.emailUndos.undo(token?.id ?? '', mailWithLink('email_undone', {}, now), nobody(now));
  const find = ({ token }: NewMail, now = NOW) => adapters.emailUndos.find(token?.id ?? '', now);
  const current = () => adapters.accounts.findActive(ann.id);

  it('are found while their link lives', async () => {
    const mail = await change(STOLEN);
    const undoable = { email: ann.email, username: ann.username, changedAt: NOW };
    expect(await find(mail)).toEqual(undoable);
    expect(await find(mail, NOW + LIFETIME_MS.undo_email - 1)).toEqual(undoable);
    expect(await find(mail, NOW + LIFETIME_MS.undo_email)).toBeUndefined();
  });

  it('give the address back, verified, and happen once', async () => {
    const mail = await change(STOLEN);
    expect(await undo(mail)).toBe(ann.email);
    expect(await current()).toMatchObject({ email: ann.email, emailVerified: true, updatedAt: THEN });
    expect(await actionsOf(adapters, ann.id)).toEqual(expect.arrayContaining(['email.undone', 'session.revoked']));
    expect([await undo(mail), await find(mail)]).toEqual([undefined, undefined]);
  });

  it('end the password, every session, and every link', async () => {
    const mail = await change(STOLEN);
    const [reset, younger] = [mailWithLink('password_reset', {}, NOW), await change('other@example.com', NOW + 1)];
    await adapters.recovery.request(STOLEN, reset, nobody());
    await undo(mail);
    expect(await adapters.sessions.list(ann.id, NOW)).toEqual([]);
    const { passwordHash } = await adapters.guesses.guessForSession(ann.id, 'any', acting(ann.id));
    expect(passwordHash).toBeUndefined();
    expect(await adapters.recovery.find(reset.token?.id ?? '', THEN)).toBeUndefined();
    expect([await undo(younger), await find(younger)]).toEqual([undefined, undefined]);
  });

  it('leave an older link alive', async () => {
    const [older, younger] = [await change(STOLEN), await change('other@example.com', NOW + 1)];
    await adapters.verifyEmail(ann.id);
    // The second change was from an address that was not verified: it mailed no link.
    expect(await find(younger)).toBeUndefined();
    const third = await change('third@example.com', NOW + 2);
    expect(await undo(third)).toBe('other@example.com');
    expect(await undo(older, THEN + 1)).toBe(ann.email);
  });

  it('remove the factors that came since, and those that wait, and leave older ones', async () => {
    const older = await newPasskey(adapters, ann, sessionId, {}, NOW - 1);
    await enrol(adapters, ann, sessionId, undefined, NOW - 1);
    const mail = await change(STOLEN);
    await newPasskey(adapters, ann, sessionId, {}, NOW);
    await adapters.factors.replaceRecoveryCodes(['a hash'], undefined, acting(ann.id, { sessionId, now: NOW }));
    await undo(mail);
    const left = { totp: { createdAt: NOW - 1 }, recoveryCodesLeft: 0, passkeys: [older] };
    expect(await adapters.factors.overview(ann.id)).toEqual(left);
  });

  it('remove an app that was confirmed since, or not at all', async () => {
    await adapters.factors.beginTotp('a box', acting(ann.id, { sessionId, now: NOW - 1 }));
    const mail = await change(STOLEN);
    await undo(mail);
    expect(await adapters.factors.pendingTotp(ann.id, NOW)).toBeUndefined();
    const { id } = await newAccount(adapters, { email: null });
    expect(await adapters.factors.hasAny(id)).toBe(false);
  });

  it('notify the replaced address, where it was verified', async () => {
    const mail = await change(STOLEN);
    await adapters.verifyEmail(ann.id);
    await undo(mail);
    expect(await adapters.queuedMails(ann.id)).toContainEqual(['email_undone', STOLEN]);
  });

  it('send no notice to an address that was not verified', async () => {
    await undo(await change(STOLEN));
    expect((await adapters.queuedMails(ann.id)).map(([kind]) => kind)).not.toContain('email_undone');
  });
});
