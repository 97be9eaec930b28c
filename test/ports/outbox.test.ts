// The contract of Outbox and OutboxView: a mail is claimed for one attempt at a time, until it is sent or given up.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../src/domain/accounts/account.ts';
import type { NewMail } from '../../src/domain/mail/mail.ts';
import { FIRST_WAIT_MS, WAIT_DOUBLINGS } from '../../src/domain/mail/outbox.ts';
import { ADAPTERS } from '../support/adapters.ts';
import { lastEvent, newAccount, newAdmin } from '../support/domain/accounts.ts';
import { acting, administering, CLIENT, HOUR_MS, MINUTE_MS, NOW, nobody } from '../support/domain/contexts.ts';
import { mailWithLink } from '../support/domain/mailing.ts';
import type { Adapters } from '../support/memory/adapters.ts';

describe.each(ADAPTERS)('the outbox %s', (_, fresh) => {
  let adapters: Adapters;
  let ann: Account;
  beforeEach(async () => {
    adapters = await fresh();
    ann = await newAccount(adapters);
  });

  /** Queues a mail with a link. */
  async function queued(now = NOW): Promise<NewMail> {
    const mail = mailWithLink('password_reset', {}, now);
    await adapters.recovery.request(ann.email ?? '', mail, nobody(now));
    return mail;
  }
  const claimOne = async (now = NOW) => {
    const [mail] = await adapters.outbox.claim('any', 1, now);
    if (!mail) throw new Error('no mail is due');
    return mail;
  };
  const isLinkLive = async ({ token }: NewMail, now: number) =>
    (await adapters.recovery.find(token?.id ?? '', now)) !== undefined;

  it('claims a mail for one attempt', async () => {
    const { id, token } = await queued();
    const { ip, userAgent } = CLIENT;
    expect(await adapters.outbox.claim('any', 9, NOW)).toEqual([
      {
        id,
        kind: 'password_reset',
        accountId: ann.id,
        recipient: ann.email,
        detail: { ip, userAgent },
        tokenId: token?.id,
        createdAt: NOW,
        attempts: 1,
      },
    ]);
    expect(await adapters.outbox.claim('any', 9, NOW + FIRST_WAIT_MS - 1)).toEqual([]);
  });

  it('claims some mails or any, no more than the limit, the longest due first', async () => {
    const mails = [await queued(NOW - 3 * MINUTE_MS), await queued(NOW - 2 * MINUTE_MS), await queued(NOW - MINUTE_MS)];
    const ids = mails.map(({ id }) => id);
    const claimed = async (which: readonly string[] | 'any', limit: number) =>
      (await adapters.outbox.claim(which, limit, NOW)).map(({ id }) => id);
    expect(await claimed(ids.slice(2), 9)).toEqual(ids.slice(2));
    expect(await claimed(['another'], 9)).toEqual([]);
    expect(await claimed('any', 1)).toEqual(ids.slice(0, 1));
    expect(await claimed('any', 9)).toEqual(ids.slice(1, 2));
  });

  it('waits longer after each attempt, up to a limit', async () => {
    await queued();
    let now = NOW;
    for (let made = 0; made < WAIT_DOUBLINGS + 2; made += 1) {
      const wait = FIRST_WAIT_MS * 2 ** Math.min(made, WAIT_DOUBLINGS);
      expect(await claimOne(now)).toMatchObject({ attempts: made + 1 });
      expect(await adapters.outbox.claim('any', 9, now + wait - 1)).toEqual([]);
      now += 1.5 * wait;
    }
  });

  it('claims a mail once, of many claims at once', async () => {
    await queued();
    const claims = await Promise.all(Array.from({ length: 5 }, () => adapters.outbox.claim('any', 9, NOW)));
    expect(claims.flat()).toHaveLength(1);
  });

  it('lets a link live longer, unless it has ended', async () => {
    const [mail, end] = [await queued(), NOW + HOUR_MS];
    const claimed = await claimOne();
    expect(await adapters.outbox.extendLink(claimed, end)).toBe(true);
    expect([await isLinkLive(mail, end - 1), await isLinkLive(mail, end)]).toEqual([true, false]);
    await queued(NOW + MINUTE_MS);
    expect(await adapters.outbox.extendLink(claimed, end)).toBe(false);
    expect(await adapters.outbox.extendLink({ ...claimed, tokenId: null }, end)).toBe(false);
  });

  it('removes a mail that was sent', async () => {
    await queued();
    const mail = await claimOne();
    await adapters.outbox.remove(mail);
    await adapters.outbox.remove(mail);
    expect(await adapters.queuedMails(ann.id)).toEqual([]);
  });

  it('gives a mail up once, with an event', async () => {
    await queued();
    const mail = await claimOne();
    await adapters.outbox.giveUp(mail, 'refused', NOW);
    await adapters.outbox.giveUp(mail, 'refused', NOW);
    const { items } = await adapters.auditTrail.page({ action: 'mail.given_up' }, undefined, 9);
    expect(items).toMatchObject([{ actorId: null, accountId: ann.id, detail: { kind: 'password_reset' } }]);
    expect(await adapters.outbox.claim('any', 9, NOW + HOUR_MS)).toEqual([]);
  });

  it('is listed without links: those given up latest first, those waiting by when they are due', async () => {
    for (const minute of [0, 1, 2, 3]) await queued(NOW - (4 - minute) * MINUTE_MS);
    const [first, second, third] = await adapters.outbox.claim('any', 3, NOW);
    if (!first || !second || !third) throw new Error('three mails are due');
    await adapters.outbox.giveUp(first, 'refused', NOW);
    await adapters.outbox.giveUp(second, 'refused', NOW + 5);
    await adapters.outbox.recordFailure(third, 'HTTP 500');
    const { givenUp, waiting } = await adapters.outboxView.list(9);
    const { detail: _detail, tokenId: _tokenId, ...mail } = second;
    expect(givenUp[0]).toEqual({ ...mail, dueAt: expect.any(Number), lastError: 'refused', givenUpAt: NOW + 5 });
    expect(givenUp.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(waiting).toMatchObject([
      { attempts: 0, lastError: null },
      { id: third.id, lastError: 'HTTP 500' },
    ]);
    const one = await adapters.outboxView.list(1);
    expect([one.givenUp.length, one.waiting.length]).toEqual([1, 1]);
  });

  it('makes a failed mail due at an admin’s request, and none that is being sent', async () => {
    const boss = await newAdmin(adapters);
    await queued();
    const mail = await claimOne();
    const makeDue = (audit = administering(boss.id), id = mail.id) => adapters.outboxView.makeDue(id, audit);
    expect(await makeDue()).toMatchObject({ refused: 'not_found' });
    await adapters.outbox.giveUp(mail, 'refused', NOW);
    expect(await makeDue(administering(ann.id))).toMatchObject({ refused: 'forbidden' });
    expect(await makeDue(acting(boss.id, { sessionId: 'none' }))).toMatchObject({ refused: 'token_revoked' });
    expect(await makeDue(administering(boss.id), 'none')).toMatchObject({ refused: 'not_found' });
    expect(await adapters.outbox.claim('any', 9, NOW)).toEqual([]);
    expect(await makeDue()).toBe('due');
    expect(await claimOne()).toMatchObject({ id: mail.id, attempts: 2 });
    expect(await lastEvent(adapters, {})).toMatchObject({ action: 'mail.given_up' });
  });
});
