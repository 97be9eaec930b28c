// The senders of mail: the EMAIL binding, or a provider's HTTP API. The variables of the Worker choose one.
import type { MailSender } from '../../domain/mail/message.ts';
import { failureOf, TIMEOUT_MS } from './failure.ts';
import { httpSender, postmark, resend } from './http-sender.ts';

/** The variables that choose a sender. MAIL_API_KEY is a secret that need not be set. */
export type MailEnv = Pick<Env, 'MAIL_FROM' | 'MAIL_API' | 'MAIL_API_URL'> & {
  readonly EMAIL?: SendEmail;
  readonly MAIL_API_KEY?: string;
};

/** The configured sender; undefined where there is none: no MAIL_FROM, or nothing to send with. */
export function senderOf(env: MailEnv): MailSender | undefined {
  const { MAIL_FROM: from, MAIL_API: api, MAIL_API_URL: url, MAIL_API_KEY: key, EMAIL: binding } = env;
  if (!from) return undefined;
  if (url) return key ? httpSender(api === 'postmark' ? postmark : resend, url, key, from) : undefined;
  return binding && bindingSender(binding, from);
}

/** The binding takes no idempotency key: a mail whose answer was lost is sent again. */
const bindingSender = (binding: SendEmail, from: string): MailSender => ({
  async send({ to, fromName, subject, text, html }) {
    try {
      await withinTime(binding.send({ from: { email: from, name: fromName }, to, subject, text, html }));
      return 'sent';
    } catch (error) {
      return failureOf(error);
    }
  },
});

async function withinTime<T>(sending: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('', 'TimeoutError')), TIMEOUT_MS);
  });
  return Promise.race([sending, late]).finally(() => clearTimeout(timer));
}
