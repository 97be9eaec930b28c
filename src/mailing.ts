// The adapters of mail: the writer, the sender and the outbox.
import { type DeliveryPorts, deliver } from './domain/mail/delivery.ts';
import type { Mailing } from './domain/mail/mail.ts';
import type { SettingsStore } from './domain/settings/settings.ts';
import type { Keys } from './domain/tokens/keys.ts';
import type { Ports } from './http/context.ts';
import { sampleMails } from './mail/samples.ts';
import { linkTargets, mailWriter, recoveryUrlOf } from './mail/write.ts';
import type { Database, Defer } from './store/d1/database.ts';
import { outboxIn } from './store/mail/outbox.ts';
import { type MailEnv, senderOf } from './store/mail/senders.ts';

/** The ports of delivery; undefined where no mail is configured. */
export function deliveryOf(
  { env, keys, database }: { readonly env: Env & MailEnv; readonly keys: Keys; readonly database: Database },
  settings: SettingsStore,
): DeliveryPorts | undefined {
  const sender = senderOf(env);
  const write = mailWriter(env.ISSUER, linkTargets(env));
  return sender && { outbox: outboxIn(database), sender, write, settings, keys };
}

/** In development alone, where the service is known by a name of the local machine. */
export const sampleMailsOf = (env: Env): Ports['sampleMails'] =>
  new URL(env.ISSUER).hostname === 'localhost'
    ? (service, now) => sampleMails(linkTargets(env), recoveryUrlOf(env.ISSUER), service, now)
    : undefined;

export const mailingOf = (delivery: DeliveryPorts | undefined, defer: Defer): Mailing => ({
  isConfigured: delivery !== undefined,
  deliverSoon(mails, now) {
    const ids = mails.map(({ id }) => id);
    if (delivery && ids.length > 0) defer(() => deliver(delivery, ids, now));
  },
});
