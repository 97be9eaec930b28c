// Mails: each is a row of the outbox, written in the transaction of the change that it reports.
import {
  INVITATION_LIFETIME_MS,
  LIFETIME_MS,
  type NewOneTimeToken,
  newTokenId,
  type OneTimePurpose,
} from '../one-time-tokens/one-time-token.ts';

/** The details of each kind of mail, besides its account, time and device: never a token. */
export interface MailDetails {
  readonly email_verification: { readonly cause: 'sign_up' | 'change' | 'request' };
  readonly password_reset: Empty;
  readonly invitation: Empty;
  /** To the old address, with a link that undoes the change. `email` is the new one; null where it was cleared. */
  readonly email_changed: { readonly email: string | null };
  /** To the address that an undo replaced. */
  readonly email_undone: Empty;
  readonly password_changed: Empty;
  readonly password_was_reset: Empty;
  /** Too many wrong codes came beside the right password, which no longer works. */
  readonly password_ended: Empty;
  readonly factor_added: { readonly factor: 'totp' | 'passkey' };
  readonly factor_removed: { readonly factor: 'totp' | 'passkey' | 'all' };
  readonly recovery_codes_made: Empty;
  readonly recovery_code_used: Empty;
  readonly account_deleted: Empty;
}

type Empty = Readonly<Record<string, never>>;

export type MailKind = keyof MailDetails;

/** The purpose of the link in a mail of each kind. */
const PURPOSES: Partial<Readonly<Record<MailKind, OneTimePurpose>>> = {
  email_verification: 'verify_email',
  password_reset: 'reset_password',
  invitation: 'reset_password',
  email_changed: 'undo_email',
};

export const purposeOf = (kind: MailKind): OneTimePurpose | undefined => PURPOSES[kind];

/** How long the link in a mail of this kind works after the mail was sent; 0 for a kind without one. */
export function linkLifetimeMs(kind: MailKind): number {
  if (kind === 'invitation') return INVITATION_LIFETIME_MS;
  const purpose = purposeOf(kind);
  return purpose ? LIFETIME_MS[purpose] : 0;
}

/** A mail to be queued. */
export interface NewMail {
  readonly id: string;
  readonly kind: MailKind;
  readonly detail: Readonly<Record<string, string | null>>;
  readonly token: NewOneTimeToken | undefined;
}

/** Whether mails can be sent, and the start of their delivery. */
export interface Mailing {
  readonly isConfigured: boolean;
  /** Sends these mails, where they were queued, after the response. */
  deliverSoon(mails: readonly (Partial<NewMail> & Pick<NewMail, 'id'>)[], now: number): void;
}

/** A mail of this kind; undefined where no mail is configured. `now` is in milliseconds. */
export function newMail<K extends MailKind>(
  { isConfigured }: Mailing,
  kind: K,
  detail: MailDetails[K],
  now: number,
): NewMail | undefined {
  if (!isConfigured) return undefined;
  const purpose = purposeOf(kind);
  const requested = kind === 'password_reset' || ('cause' in detail && detail.cause === 'request');
  const token = purpose && { id: newTokenId(), purpose, expiresAt: now + linkLifetimeMs(kind), requested };
  return { id: crypto.randomUUID(), kind, detail, token };
}

/** The mails of a list, without the undefined ones. */
export const mailsIn = (mails: readonly (NewMail | undefined)[]): readonly NewMail[] =>
  mails.filter((mail) => mail !== undefined);
