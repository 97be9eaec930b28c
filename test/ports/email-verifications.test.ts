// The contract of EmailVerifications: a live link verifies the email that it was mailed to, once.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { NewMail } from '../../src/domain/mail/mail.ts';
import { LIFETIME_MS, REQUESTS_PER_HOUR } from '../../src/domain/one-time-tokens/one-time-token.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin } from '../support/domain/accounts.ts';
import {
  acting,
  administering,
  CLIENT,
  HOUR_MS,
  MINUTE_MS,
  NOW,
  nobody,
  SECOND_MS,
} from '../support/domain/contexts.ts';
import { changeMails, mailWithLink, NO_MAILS } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

const newLink = (now = NOW): NewMail => mailWithLink('email_verification', { cause: 'request' }, now);

describe.each(ADAPTERS)('verifications of emails %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  const request = (mail = newLink(), audit = acting(ann.id)) => adapters.verifications.request(mail, audit);
  const verify = ({ token }: NewMail, now = NOW) => adapters.verifications.verify(token?.id ?? '', nobody(now));
  const current = () => adapters.accounts.findActive(ann.id);

  it('are asked for by mail', async () => {
    expect(await request()).toBe('queued');
    expect(await adapters.queuedMails(ann.id)).toEqual([['email_verification', ann.email]]);
  });

  it('are asked for once a minute and five times an hour', async () => {
    const at = (now: number) => request(newLink(now), acting(ann.id, { now }));
    expect(await at(NOW)).toBe('queued');
    const tooMany = { refused: 'too_many_requests' };
    expect(await at(NOW)).toMatchObject({ ...tooMany, retryAfterSeconds: 60 });
    expect(await at(NOW + 59 * SECOND_MS + 1)).toMatchObject({ ...tooMany, retryAfterSeconds: 1 });
    for (let minute = 1; minute < REQUESTS_PER_HOUR; minute += 1)
      expect(await at(NOW + minute * MINUTE_MS)).toBe('queued');
    const now = NOW + 30 * MINUTE_MS;
    expect(await at(now)).toMatchObject({ ...tooMany, retryAfterSeconds: 30 * 60 });
    expect(await at(NOW + HOUR_MS)).toBe('queued');
  });

  it('are asked for by no ended authority, for no email, and for none that is verified', async () => {
    expect(await request(newLink(), acting(ann.id, { sessionId: 'none' }))).toMatchObject({ refused: 'token_revoked' });
    await adapters.verifyEmail(ann.id);
    expect(await request()).toMatchObject({ refused: 'email_verified' });
    const { id } = await newAccount(adapters, { email: null });
    expect(await request(newLink(), acting(id))).toMatchObject({ refused: 'no_email' });
  });

  it('are found with the device of the sign-up', async () => {
    const mail = newLink();
    await request(mail, { ...acting(ann.id), userAgent: 'another browser' });
    const tokenId = mail.token?.id ?? '';
    const { userAgent } = CLIENT;
    expect(await adapters.verifications.find(tokenId, NOW)).toEqual({ account: ann, userAgent });
    expect(await adapters.verifications.find('none', NOW)).toBeUndefined();
    expect(await adapters.verifications.find(tokenId, NOW + LIFETIME_MS.verify_email)).toBeUndefined();
  });

  it('happen once, with an event', async () => {
    const mail = newLink();
    await request(mail);
    expect(await verify(mail, NOW + 5)).toBe(ann.email);
    expect(await current()).toMatchObject({ emailVerified: true, updatedAt: NOW + 5 });
    const event = { action: 'email.verified', actorId: ann.id, accountId: ann.id };
    expect(await lastEvent(adapters, {})).toMatchObject(event);
    expect(await verify(mail)).toBeUndefined();
  });

  it('need a live link of this purpose', async () => {
    const reset = mailWithLink('password_reset', {}, NOW);
    await adapters.recovery.request(ann.email ?? '', reset, nobody());
    const mail = newLink();
    await request(mail);
    expect(await verify(reset)).toBeUndefined();
    expect(await verify(mail, NOW + LIFETIME_MS.verify_email)).toBeUndefined();
    await request(newLink(), acting(ann.id, { now: NOW + MINUTE_MS }));
    expect(await verify(mail, NOW + MINUTE_MS)).toBeUndefined();
    expect(await current()).toMatchObject({ emailVerified: false });
  });

  it('are those of the email that the link was mailed to', async () => {
    const mail = newLink();
    await request(mail);
    await adapters.accounts.rename({ email: 'other@example.com' }, NO_MAILS, acting(ann.id));
    expect(await verify(mail)).toBeUndefined();
    await adapters.accounts.rename({ email: ann.email ?? '' }, changeMails(ann.email), acting(ann.id));
    expect(await verify(mail)).toBeUndefined();
    expect(await current()).toMatchObject({ emailVerified: false });
  });

  it('are not those of an account that was deactivated', async () => {
    const [mail, boss] = [newLink(), await newAdmin(adapters)];
    await request(mail);
    await adapters.administration.change(ann.id, { active: false }, administering(boss.id));
    expect(await verify(mail)).toBeUndefined();
    expect(await adapters.verifications.find(mail.token?.id ?? '', NOW)).toBeUndefined();
  });
});
