// Delivery: a claimed mail is sent, tried again, given up or dropped, whatever its provider and its template do.
import { beforeEach, describe, expect, it } from 'vitest';
import type { Account } from '../../../src/domain/accounts/account.ts';
import { type DeliveryPorts, deliver, deliverAll } from '../../../src/domain/mail/delivery.ts';
import type { OutgoingMail, SendFailure } from '../../../src/domain/mail/message.ts';
import { GIVEN_UP_AFTER_MS, retryMail } from '../../../src/domain/mail/outbox.ts';
import { callsOnly } from '../../../src/domain/maintenance/budget.ts';
import { oneTimeTokenOf } from '../../../src/domain/one-time-tokens/one-time-token.ts';
import { findReset } from '../../../src/domain/passwords/recovery.ts';
import { lastEvent, newAccount, newAdmin } from '../../support/domain/accounts.ts';
import { administering, HOUR_MS, MINUTE_MS, NOW, nobody } from '../../support/domain/contexts.ts';
import { mailWithLink } from '../../support/domain/mailing.ts';
import { type AllPorts, configure, domainPorts } from '../../support/domain/ports.ts';

let ports: AllPorts;
let delivery: DeliveryPorts;
let ann: Account;
let sent: OutgoingMail[];
let answer: 'sent' | SendFailure;
beforeEach(async () => {
  ports = await domainPorts();
  ann = await newAccount(ports);
  sent = [];
  answer = 'sent';
  delivery = {
    ...ports,
    keys: ports.issuer.keys,
    sender: {
      async send(mail) {
        sent.push(mail);
        return answer;
      },
    },
    write: ({ kind }, token = '') => ({ subject: kind, text: token, html: '' }),
  };
});

const FOR_NOW: SendFailure = { failed: 'for_now', reason: 'HTTP 500' };

async function queue(now = NOW) {
  const mail = mailWithLink('password_reset', {}, now);
  await ports.recovery.request(ann.email ?? '', mail, nobody(now));
  return mail;
}

describe('a mail', () => {
  it('is sent to its account with the token of its link, and leaves the outbox', async () => {
    await configure(ports, { SERVICE_NAME: 'My Service' });
    const { id, token } = await queue();
    expect(await deliver(delivery, [id], NOW)).toEqual(['sent']);
    const text = await oneTimeTokenOf(ports.issuer.keys, 'reset_password', token?.id ?? '');
    const message = { subject: 'password_reset', text, html: '' };
    expect(sent).toEqual([{ ...message, to: ann.email, fromName: 'My Service', key: id }]);
    expect(await ports.queuedMails(ann.id)).toEqual([]);
    expect(await deliver(delivery, [id], NOW + HOUR_MS)).toEqual([]);
  });

  it('is tried again with the same key, later, until it is sent', async () => {
    answer = FOR_NOW;
    await queue();
    expect(await deliver(delivery, 'any', NOW)).toEqual(['failed']);
    expect((await ports.outboxView.list(9)).waiting).toMatchObject([{ attempts: 1, lastError: 'HTTP 500' }]);
    expect(await deliver(delivery, 'any', NOW + 1)).toEqual([]);
    answer = 'sent';
    expect(await deliver(delivery, 'any', NOW + 2 * MINUTE_MS)).toEqual(['sent']);
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1);
  });

  it('that is sent late has a link that works as long as any', async () => {
    const { token } = await queue();
    const late = NOW + 5 * HOUR_MS;
    expect(await deliver(delivery, 'any', late)).toEqual(['sent']);
    expect(await ports.recovery.find(token?.id ?? '', late + 29 * MINUTE_MS)).toBeDefined();
    expect(await findReset(ports, sent[0]?.text ?? '', late)).toMatchObject({ email: ann.email });
  });

  it('whose link has ended is dropped once it is late', async () => {
    await queue();
    await queue(NOW + MINUTE_MS);
    expect(await deliver(delivery, 'any', NOW + 2 * MINUTE_MS)).toEqual(['dropped', 'sent']);
    expect(sent).toHaveLength(1);
  });

  it('is given up after a day, or at once where it will never be taken, with an event', async () => {
    await queue();
    answer = FOR_NOW;
    expect(await deliver(delivery, 'any', NOW + GIVEN_UP_AFTER_MS - 1)).toEqual(['failed']);
    expect(await deliver(delivery, 'any', NOW + GIVEN_UP_AFTER_MS + HOUR_MS)).toEqual(['givenUp']);
    expect(await lastEvent(ports, {})).toMatchObject({ action: 'mail.given_up', accountId: ann.id });
    await queue(NOW + 2 * GIVEN_UP_AFTER_MS);
    answer = { failed: 'for_good', reason: 'HTTP 422' };
    expect(await deliver(delivery, 'any', NOW + 2 * GIVEN_UP_AFTER_MS)).toEqual(['givenUp']);
  });

  it('that cannot be written fails with only the name of its error, and keeps no other from being sent', async () => {
    await queue();
    await queue(NOW + MINUTE_MS);
    let written = 0;
    const write: DeliveryPorts['write'] = (...mail) => {
      written += 1;
      if (written === 1) throw new TypeError(`quoting ${ann.email}`);
      return delivery.write(...mail);
    };
    expect(await deliver({ ...delivery, write }, 'any', NOW + MINUTE_MS - 1)).toEqual(['failed']);
    expect((await ports.outboxView.list(9)).waiting).toMatchObject([{}, { lastError: 'not written: TypeError' }]);
    expect(await deliver({ ...delivery, write }, 'any', NOW + MINUTE_MS)).toEqual(['sent']);
  });

  it('is tried again at an admin’s request', async () => {
    await queue();
    answer = { failed: 'for_good', reason: 'HTTP 422' };
    await deliver(delivery, 'any', NOW);
    const [mail] = (await ports.outboxView.list(9)).givenUp;
    const retry = (id: number) => retryMail(ports, mail?.id ?? '', administering(id, { now: NOW + 5 }));
    expect(await retry(ann.id)).toMatchObject({ refused: 'forbidden' });
    expect(await retry((await newAdmin(ports)).id)).toBe('due');
    answer = 'sent';
    expect(await deliver(delivery, 'any', NOW + 5)).toEqual(['sent']);
    expect(await retry((await newAdmin(ports)).id)).toMatchObject({ refused: 'not_found' });
  });
});

describe('a run of the job', () => {
  async function queueMany(count: number) {
    for (let made = 0; made < count; made += 1) await queue(NOW - (count - made) * 13 * MINUTE_MS);
  }

  it('counts how its attempts ended; nothing where nothing was due', async () => {
    expect(await deliverAll(delivery, callsOnly(9), () => NOW)).toBeUndefined();
    await queueMany(6);
    const report = await deliverAll(delivery, callsOnly(9), () => NOW);
    expect(report).toEqual({ sent: 1, failed: 0, dropped: 5, givenUp: 0 });
  });

  it('ends with its budget', async () => {
    await queueMany(6);
    expect(await deliverAll(delivery, callsOnly(1), () => NOW)).toMatchObject({ dropped: 4, sent: 0 });
    expect(await ports.queuedMails(ann.id)).toHaveLength(2);
  });
});
