// The text of each kind of mail. None quotes a name that somebody other than its reader may have chosen.
import type { MailDetails, MailKind } from '../domain/mail/mail.ts';
import { INVITATION_LIFETIME_MS, LIFETIME_MS } from '../domain/one-time-tokens/one-time-token.ts';
import type { Content } from './content.ts';

/** The arguments of a template besides its mail's detail. */
export interface TemplateContext {
  /** The name of the service. */
  readonly service: string;
  /** Where the mail's link leads; empty for a mail without one. */
  readonly url: string;
  /** The page where a password is set anew. */
  readonly recoveryUrl: string;
}

type Templates = { readonly [K in MailKind]: (detail: MailDetails[K], context: TemplateContext) => Content };

const HOUR_MS = 60 * 60 * 1000;
const hours = (milliseconds: number): string => {
  const count = milliseconds / HOUR_MS;
  if (count < 1) return `${count * 60} minutes`;
  return count > 48 ? `${count / 24} days` : `${count} hours`;
};
const validFor = (milliseconds: number): string => `It works once, for ${hours(milliseconds)}.`;

const notYou = (recoveryUrl: string): string =>
  `If this was not you, somebody else may be in your account: set a new password at ${recoveryUrl}, which also ends ` +
  'every session.';

const ADDED = { totp: 'An authenticator app', passkey: 'A passkey' } as const;

const REMOVED = {
  totp: 'The authenticator app was',
  passkey: 'A passkey was',
  all: 'Every second factor and passkey was',
} as const;

const OPENINGS: Readonly<Record<MailDetails['email_verification']['cause'], (service: string) => string>> = {
  sign_up: (service) => `Somebody, we hope you, signed up for ${service} with this email address.`,
  change: (service) => `This email address was entered for an account at ${service}.`,
  request: (service) => `You asked for a new link to verify your email address at ${service}.`,
};

export const TEMPLATES: Templates = {
  email_verification: ({ cause }, { service, url }) => ({
    subject: `Verify your email for ${service}`,
    paragraphs: [OPENINGS[cause](service), 'Follow the link to confirm that the address is yours.'],
    link: { label: 'Verify email', url, validity: validFor(LIFETIME_MS.verify_email) },
    advice: 'If it was not you, do nothing: without the link, nobody can use your address.',
  }),

  password_reset: (_, { service, url }) => ({
    subject: `Set a new password for ${service}`,
    paragraphs: [`Somebody asked for a new password for your account at ${service}.`],
    link: { label: 'Set a new password', url, validity: validFor(LIFETIME_MS.reset_password) },
    advice: 'If it was not you, do nothing: your password stays as it is.',
  }),

  invitation: (_, { service, url }) => ({
    subject: `Your account at ${service}`,
    paragraphs: [`An account was made for you at ${service}.`, 'Follow the link to choose your password.'],
    link: { label: 'Choose a password', url, validity: validFor(INVITATION_LIFETIME_MS) },
    advice: 'If you expect no such account, do nothing: without the link, nobody can use it.',
  }),

  email_changed: ({ email }, { service, url }) => ({
    subject: `Your email at ${service} was changed`,
    paragraphs: [
      email === null
        ? `Your email address was removed from your account at ${service}.`
        : `The email of your account at ${service} is now ${email}.`,
      'If this was you, there is nothing to do.',
    ],
    link: { label: 'Undo the change', url, validity: validFor(LIFETIME_MS.undo_email) },
    advice:
      'If this was not you, undo the change: this address is the account’s again, every session ends, and the ' +
      'password no longer works until you set a new one.',
  }),

  email_undone: (_, { service }) => ({
    subject: `Your email at ${service} was changed back`,
    paragraphs: [
      `The change to this email address was undone by a link that was sent to the earlier address. This address no ` +
        `longer belongs to an account at ${service}.`,
    ],
  }),

  password_changed: (_, { service, recoveryUrl }) => ({
    subject: `Your password at ${service} was changed`,
    paragraphs: [`The password of your account at ${service} was changed. Every other session has ended.`],
    advice: notYou(recoveryUrl),
  }),

  password_was_reset: (_, { service, recoveryUrl }) => ({
    subject: `Your password at ${service} was set anew`,
    paragraphs: [`A new password was set for your account at ${service} by a mailed link. Every session has ended.`],
    advice: notYou(recoveryUrl),
  }),

  password_ended: (_, { service, recoveryUrl }) => ({
    subject: `Your password at ${service} no longer works`,
    paragraphs: [
      `Somebody who knows the password of your account at ${service} tried many wrong codes of your authenticator ` +
        'app. They did not get in. The password no longer works, for you either, until you set a new one.',
    ],
    advice: `Set a new password at ${recoveryUrl}, and everywhere else where you use the same one.`,
  }),

  factor_added: ({ factor }, { service, recoveryUrl }) => ({
    subject: `${ADDED[factor]} was added to your account at ${service}`,
    paragraphs: [`${ADDED[factor]} was added to your account at ${service}. It can be used to sign in from now on.`],
    advice: notYou(recoveryUrl),
  }),

  factor_removed: ({ factor }, { service, recoveryUrl }) => ({
    subject: `${REMOVED[factor]} removed from your account at ${service}`,
    paragraphs: [`${REMOVED[factor]} removed from your account at ${service}.`],
    advice: notYou(recoveryUrl),
  }),

  recovery_codes_made: (_, { service, recoveryUrl }) => ({
    subject: `New recovery codes for your account at ${service}`,
    paragraphs: [`New recovery codes were made for your account at ${service}. The earlier ones no longer work.`],
    advice: notYou(recoveryUrl),
  }),

  recovery_code_used: (_, { service, recoveryUrl }) => ({
    subject: `A recovery code of your account at ${service} was used`,
    paragraphs: [
      `One of the recovery codes of your account at ${service} was used in place of a code of your authenticator ` +
        'app. It cannot be used again.',
    ],
    advice: notYou(recoveryUrl),
  }),

  account_deleted: (_, { service }) => ({
    subject: `Your account at ${service} was deleted`,
    paragraphs: [`Your account at ${service} was deleted, with everything private in it.`],
    advice: 'If this was not you, write to the operator of the service: it cannot be undone here.',
  }),
};
