// A mail as it is written and sent.
import type { Settings } from '../settings/settings.ts';
import type { QueuedMail } from './outbox.ts';

export interface Message {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Writes a mail. `token` is what its link carries. */
export type WriteMail = (mail: QueuedMail, token: string | undefined, settings: Settings) => Message;

/** Why a provider did not take a mail, and whether another attempt may succeed. */
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
