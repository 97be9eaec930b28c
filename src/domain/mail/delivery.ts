// Delivery: a queued mail is claimed for one attempt, written and sent; after each failure it waits longer.
import type { Budget } from '../maintenance/budget.ts';
import { oneTimeTokenOf } from '../one-time-tokens/one-time-token.ts';
import type { Settings, SettingsStore } from '../settings/settings.ts';
import type { Keys } from '../tokens/keys.ts';
import { linkLifetimeMs, purposeOf } from './mail.ts';
import type { MailSender, SendFailure, WriteMail } from './message.ts';
import { FIRST_WAIT_MS, GIVEN_UP_AFTER_MS, type Outbox, type QueuedMail } from './outbox.ts';

/** Mails that are claimed and sent at once: a Worker may have six connections open. */
const CLAIMED_AT_ONCE = 4;

export interface DeliveryPorts {
  readonly outbox: Outbox;
  readonly sender: MailSender;
  readonly write: WriteMail;
  readonly settings: SettingsStore;
  readonly keys: Keys;
}

/** How an attempt ended. A mail whose link no longer works is dropped: a later mail replaces it. */
type Outcome = 'sent' | 'failed' | 'dropped' | 'givenUp';

export type Delivered = Readonly<Record<Outcome, number>>;

/**
 * Tries to send a few due mails, of these or of all: of more, a claim could end before its mail's turn. Returns how
 * each attempt ended.
 */
export async function deliver(
  ports: DeliveryPorts,
  which: readonly string[] | 'any',
  now: number,
): Promise<readonly Outcome[]> {
  const settings = await ports.settings.current(now);
  const mails = await ports.outbox.claim(which, CLAIMED_AT_ONCE, now);
  const attempts = await Promise.allSettled(mails.map((mail) => attempt(ports, mail, settings, now)));
  return attempts.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/** Sends until no mail is due, or while the budget lasts. Undefined where none was due. */
export async function deliverAll(
  ports: DeliveryPorts,
  budget: Budget,
  clock: () => number,
): Promise<Delivered | undefined> {
  const outcomes: Outcome[] = [];
  while (budget.take()) {
    const some = await deliver(ports, 'any', clock());
    if (some.length === 0) break;
    outcomes.push(...some);
  }
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  if (outcomes.length === 0) return undefined;
  return { sent: count('sent'), failed: count('failed'), dropped: count('dropped'), givenUp: count('givenUp') };
}

async function attempt(ports: DeliveryPorts, mail: QueuedMail, settings: Settings, now: number): Promise<Outcome> {
  const { outbox } = ports;
  if (!(await hasLiveLink(outbox, mail, now))) {
    await outbox.remove(mail);
    return 'dropped';
  }
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

/**
 * Whether the mail has no link, or a live one. The link of a late mail is extended, to work as long as that of any
 * other.
 */
async function hasLiveLink(outbox: Outbox, mail: QueuedMail, now: number): Promise<boolean> {
  const isFresh = now < mail.createdAt + FIRST_WAIT_MS;
  return isFresh || mail.tokenId === null || outbox.extendLink(mail, now + linkLifetimeMs(mail.kind));
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
    // Not the error's message, which may quote anything.
    return { failed: 'for_now', reason: `not written: ${error instanceof Error ? error.name : typeof error}` };
  }
}
