// A client of an app that sends mail, and the mails that it sent.
import { expect } from 'vitest';
import { type Client, newClient } from './client.ts';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailClient extends Client {
  /** Every mail that was taken, the oldest first. */
  readonly mails: Mail[];
}

/** The binding is a list instead of a provider; all else of the way there is the Worker's own. */
export function newMailClient(env: Partial<Env> = {}): MailClient {
  const mails: Mail[] = [];
  const EMAIL = {
    async send(mail: Mail) {
      mails.push(mail);
      return { messageId: String(mails.length) };
    },
  } as unknown as SendEmail; // the one of its forms that the Worker uses
  return { ...newClient({ MAIL_FROM: 'no-reply@latchkey.test', EMAIL, ...env }), mails };
}

/** The mails to an address, the newest first. */
export const mailsTo = ({ mails }: MailClient, email: string): readonly Mail[] =>
  mails.filter(({ to }) => to === email).reverse();

/** The token in the link of the newest mail to an address. */
export function tokenMailedTo(client: MailClient, email: string): string {
  const token = /[?&]token=([\w-]+)/.exec(mailsTo(client, email)[0]?.text ?? '')?.[1];
  expect(token, `a token mailed to ${email}`).toBeDefined();
  return token ?? '';
}
