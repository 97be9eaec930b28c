// The outbox: mails that wait to be sent, and the schedule of their attempts.
import type { AuthorizedContext } from '../audit-context.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import type { Mailing, MailKind } from './mail.ts';

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
  /** The current one included. */
  readonly attempts: number;
}

export interface Outbox {
  /** Claims mails that are due for one attempt each: of these or of all, at most `limit`, the longest due first. */
  claim(which: readonly string[] | 'any', limit: number, now: number): Promise<readonly QueuedMail[]>;
  /** Lets the link of a mail work until `expiresAt`. False where it was used, or a later one replaced it. */
  extendLink(mail: QueuedMail, expiresAt: number): Promise<boolean>;
  /** Removes a mail that was sent. */
  remove(mail: QueuedMail): Promise<void>;
  /** Notes why an attempt failed; the mail stays due. */
  recordFailure(mail: QueuedMail, reason: string): Promise<void>;
  /** Stops trying, with an audit event. */
  giveUp(mail: QueuedMail, reason: string, now: number): Promise<void>;
}

/** A mail of the outbox as an admin sees it: never its link. */
export interface WaitingMail extends Omit<QueuedMail, 'detail' | 'tokenId'> {
  readonly dueAt: number;
  /** Why the last attempt failed, in words for an operator; null before one failed, and while one is made. */
  readonly lastError: string | null;
  readonly givenUpAt: number | null;
}

/** The outbox, for admins. */
export interface OutboxView {
  /**
   * Mails that were given up, the latest first, and those that wait, the longest due first: at most `limit` of each.
   */
  list(limit: number): Promise<{ readonly givenUp: readonly WaitingMail[]; readonly waiting: readonly WaitingMail[] }>;
  /** Makes a mail due whose last attempt failed. */
  makeDue(id: string, audit: AuthorizedContext): Promise<'due' | Refusal<'not_found' | 'token_revoked' | 'forbidden'>>;
}

/** Tries a mail again whose last attempt failed, given up or not. */
export async function retryMail(
  { outboxView, mailing }: { readonly outboxView: OutboxView; readonly mailing: Mailing },
  id: string,
  audit: AuthorizedContext,
) {
  const due = await outboxView.makeDue(id, audit);
  if (!isRefusal(due)) mailing.deliverSoon([{ id }], audit.now);
  return due;
}
