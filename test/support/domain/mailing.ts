// Mail that is configured, and records what was to be delivered; and mail that is not configured.
import { type MailDetails, type Mailing, type MailKind, type NewMail, newMail } from '../../../src/domain/mail/mail.ts';
import { NOW } from './contexts.ts';

export interface WatchedMailing extends Mailing {
  /** The kinds of the mails whose delivery was asked for, the earliest first. */
  readonly delivered: MailKind[];
}

export function newMailing(): WatchedMailing {
  const delivered: MailKind[] = [];
  return {
    isConfigured: true,
    delivered,
    deliverSoon(mails) {
      delivered.push(...mails.flatMap(({ kind }) => kind ?? []));
    },
  };
}

export const NO_MAIL: Mailing = { isConfigured: false, deliverSoon: () => {} };

/** No mails of a changed email. */
export const NO_MAILS = { notice: undefined, verification: undefined };

/** The mails of a changed email, as the domain makes them. */
export const changeMails = (email: string | null, now = NOW) => ({
  notice: newMail(newMailing(), 'email_changed', { email }, now),
  verification: newMail(newMailing(), 'email_verification', { cause: 'change' }, now),
});

/** A mail, with its link where it has one. */
export function mailWithLink<K extends MailKind>(kind: K, detail: MailDetails[K], now = NOW): NewMail {
  const mail = newMail(newMailing(), kind, detail, now);
  if (!mail) throw new Error('no mail is configured');
  return mail;
}
