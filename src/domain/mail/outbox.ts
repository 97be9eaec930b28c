// The outbox: mails that wait to be sent, and the schedule of their attempts.
import type { MailKind } from './mail.ts';

const MINUTE_MS = 60 * 1000;

/**
 * The wait after the first failed attempt, doubled by each further one. A claim holds as long: it must outlast the
 * slowest attempt, or another delivery sends the same mail.
 */
export const FIRST_WAIT_MS = MINUTE_MS;
/** Doublings after which the waits grow no more: 32 minutes. */
export const WAIT_DOUBLINGS = 5;
export const GIVEN_UP_AFTER_MS = 24 * 60 * MINUTE_MS;

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
  /** This one included. */
  readonly attempts: number;
}

export interface Outbox {
  /** Claims mails that are due for one attempt each: of these or of all, at most `limit`, the longest due first. */
  claim(which: readonly string[] | 'any', limit: number, now: number): Promise<readonly QueuedMail[]>;
  /** Lets the link of a mail work until then. False where it was used, or a later one took its place. */
  extendLink(mail: QueuedMail, expiresAt: number): Promise<boolean>;
  /** Removes a mail that was sent. */
  remove(mail: QueuedMail): Promise<void>;
  /** Notes why an attempt failed; the mail stays due. */
  recordFailure(mail: QueuedMail, reason: string): Promise<void>;
  /** Stops trying, with an audit event. */
  giveUp(mail: QueuedMail, reason: string, now: number): Promise<void>;
}
