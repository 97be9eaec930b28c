// Delivery: a queued mail is claimed for one attempt, made, and sent; what fails waits longer each time.
import { oneTimeTokenOf } from '../one-time-tokens/one-time-token.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import type { Keys } from '../tokens/keys.ts';
import { type MailKind, purposeOf } from './mail.ts';

/** The wait after the first failed attempt, doubled by each further one. Longer than an attempt may take. */
export const FIRST_WAIT_MS = 30 * 1000;
/** Doublings after which the waits grow no more: 32 minutes. */
export const WAIT_DOUBLINGS = 6;
const GIVEN_UP_AFTER_MS = 24 * 60 * 60 * 1000;

/** A mail that was claimed for one attempt. Times are milliseconds since the epoch. */
export interface QueuedMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly accountId: number;
  readonly recipient: string;
  readonly detail: Readonly<Record<string, string | null>>;
  /** The row of its link's one-time token. */
  readonly tokenId: string | null;
  readonly createdAt: number;
  readonly attempts: number;
}

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes a mail. `token` is what its link carries. */
export type WriteMail = (mail: QueuedMail, token: string | undefined, settings: Settings) => Message;

/** Why a provider did not take a mail: for good, or until it is tried again. */
export interface SendFailure {
  readonly failed: 'for_now' | 'for_good';
  /** In words for an operator, without addresses or contents. */
  readonly reason: string;
}

export interface OutgoingMail extends Message {
  readonly to: string;
  /** The name of the sender. */
  readonly fromName: string;
  readonly key: string;
}

export interface MailSender {
  /** `key` is the same at every attempt: a provider that recognises it sends the mail once. */
  send(mail: OutgoingMail): Promise<'sent' | SendFailure>;
}

export interface Outbox {
  /** Claims mails that are due for one attempt each: these, or at most `limit` of all, the longest due first. */
  claim(which: readonly string[] | 'any', limit: number, now: number): Promise<readonly QueuedMail[]>;
  /** Removes a mail that was sent. */
  remove(mail: QueuedMail): Promise<void>;
  /** Notes why an attempt failed; the mail stays due. */
  recordFailure(mail: QueuedMail, reason: string): Promise<void>;
  /** Stops trying, with an audit event. */
  giveUp(mail: QueuedMail, reason: string, now: number): Promise<void>;
}

export interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly sender: MailSender;
  readonly write: WriteMail;
  readonly settings: SettingsStore;
  readonly keys: Keys;
}

/** Mails that are sent at once: a Worker may have six connections open. */
const CONCURRENT = 4;

export interface Delivered {
  readonly sent: number;
  readonly failed: number;
  readonly givenUp: number;
}

/** Tries to send mails that are due: these, or at most `limit` of all. */
export async function deliver(
  ports: DeliveryPorts,
  which: readonly string[] | 'any',
  limit: number,
  now: number,
): Promise<Delivered> {
  const mails = await ports.outbox.claim(which, limit, now);
  const settings = await ports.settings.current(now);
  const outcomes: (keyof Delivered)[] = [];
  for (let from = 0; from < mails.length; from += CONCURRENT) {
    const some = mails.slice(from, from + CONCURRENT);
    outcomes.push(...(await Promise.all(some.map((mail) => attempt(ports, mail, settings, now)))));
  }
  const count = (outcome: keyof Delivered): number => outcomes.filter((each) => each === outcome).length;
  return { sent: count('sent'), failed: count('failed'), givenUp: count('givenUp') };
}

async function attempt(
  ports: DeliveryPorts,
  mail: QueuedMail,
  settings: Settings,
  now: number,
): Promise<keyof Delivered> {
  const { outbox } = ports;
  const outcome = await send(ports, mail, settings);
  if (outcome === 'sent') {
    await outbox.remove(mail);
    return 'sent';
  }
  if (outcome.failed === 'for_now' && now < mail.createdAt + GIVEN_UP_AFTER_MS) {
    await outbox.recordFailure(mail, outcome.reason);
    return 'failed';
  }
  await outbox.giveUp(mail, outcome.reason, now);
  return 'givenUp';
}

/** A mail that cannot be written must not keep the others from being sent. */
async function send(
  { sender, write, keys }: DeliveryPorts,
  mail: QueuedMail,
  settings: Settings,
): Promise<'sent' | SendFailure> {
  try {
    const purpose = purposeOf(mail.kind);
    const token = purpose && mail.tokenId ? await oneTimeTokenOf(keys, purpose, mail.tokenId) : undefined;
    const message = write(mail, token, settings);
    return await sender.send({ ...message, to: mail.recipient, fromName: settings.SERVICE_NAME, key: mail.id });
  } catch (error) {
    return { failed: 'for_now', reason: String(error) };
  }
}
