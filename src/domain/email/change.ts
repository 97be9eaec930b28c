// Changing an email: a mail verifies the new address, and a mail to the old one can undo the change.
import { type Mailing, mailsIn, type NewMail, newMail } from '../mail/mail.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Changes of the email that an account may make in a window. */
export const MAX_EMAIL_CHANGES = 10;
export const EMAIL_CHANGES_WINDOW_MS = DAY_MS;

/** The mails of a change, queued only if it changes the email. */
export interface EmailChangeMails {
  /** To the old address, if it was verified. */
  readonly notice: NewMail | undefined;
  /** To the new address. */
  readonly verification: NewMail | undefined;
}

/** The mails of setting this email: undefined leaves it as it is, `null` clears it. */
export function emailChangeMails(mailing: Mailing, email: string | null | undefined, now: number): EmailChangeMails {
  if (email === undefined) return { notice: undefined, verification: undefined };
  return {
    notice: newMail(mailing, 'email_changed', { email }, now),
    verification: email === null ? undefined : newMail(mailing, 'email_verification', { cause: 'change' }, now),
  };
}

export const deliverChange = (mailing: Mailing, { notice, verification }: EmailChangeMails, now: number): void =>
  mailing.deliverSoon(mailsIn([notice, verification]), now);
