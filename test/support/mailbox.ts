// A client of an app that sends mail, and the mails that it sent.
import { expect } from 'vitest';
import { runJobs } from '../../src/jobs.ts';
import { type Client, newClient } from './client.ts';

export interface Mail {
  readonly to: string;
  readonly from: { readonly email: string; readonly name: string };
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailClient extends Client {
  /** Every mail that was taken, the oldest first. */
  readonly mails: Mail[];
  /** Runs before the provider takes a mail: an error it throws becomes the provider's answer. */
  before: (mail: Mail) => void | Promise<void>;
  /** Runs after the provider took a mail: an error it throws replaces the answer. */
  after: (mail: Mail) => void | Promise<void>;
}

/** The binding is a list instead of a provider; everything before it is the Worker's own. */
export function newMailClient(env: Partial<Env> = {}): MailClient {
  const mails: Mail[] = [];
  const EMAIL = {
    async send(mail: Mail) {
      await client.before(mail);
      mails.push(mail);
      await client.after(mail);
      return { messageId: String(mails.length) };
    },
  } as unknown as SendEmail; // the one of its forms that the Worker uses
  const base = newClient({ MAIL_FROM: 'no-reply@latchkey.test', EMAIL, ...env });
  const client: MailClient = { ...base, mails, before: () => {}, after: () => {} };
  return client;
}

const MINUTE_MS = 60 * 1000;

/** Runs the jobs as the cron trigger does, once a minute. */
export async function runJobsFor(client: Client, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    client.clock.advance(MINUTE_MS);
    await runJobs(client.env, client.clock);
  }
}

/** The mails to an address, the newest first. */
export const mailsTo = ({ mails }: Pick<MailClient, 'mails'>, email: string): readonly Mail[] =>
  mails.filter(({ to }) => to === email).reverse();

export const subjectsTo = (client: MailClient, email: string): readonly string[] =>
  mailsTo(client, email).map(({ subject }) => subject);

export const tokenIn = (mail: Mail | undefined): string => /[?&]token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';

/** The token in the link of the newest mail to an address. */
export function tokenMailedTo(client: MailClient, email: string): string {
  const token = tokenIn(mailsTo(client, email)[0]);
  expect(token, `a token mailed to ${email}`).not.toBe('');
  return token;
}

/** Follows the newest link to an address, which verifies it. */
export async function verify(client: MailClient, email: string): Promise<void> {
  const { status } = await client.post('/api/email/verify', { token: tokenMailedTo(client, email) });
  expect(status).toBe(200);
}
