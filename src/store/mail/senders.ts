// The senders of mail: the EMAIL binding, or a provider's HTTP API. The variables of the Worker choose one.
import type { MailSender, OutgoingMail, SendFailure } from '../../domain/mail/delivery.ts';

/** Longer waits are for the next attempt, which is due later than this. */
const TIMEOUT_MS = 10 * 1000;

/** What chooses a sender. MAIL_API_KEY is a secret that need not be set. */
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
      return failure(error);
    }
  },
});

async function withinTime<T>(sending: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timed out')), TIMEOUT_MS);
  });
  return Promise.race([sending, late]).finally(() => clearTimeout(timer));
}

type Outgoing = Omit<OutgoingMail, 'fromName'> & { readonly from: string };

/** A name and an address (RFC 5322 §3.4). */
const mailbox = (name: string, address: string): string => `"${name.replaceAll(/[\\"]/g, '\\$&')}" <${address}>`;

/** How one provider is asked to send a mail. */
type MailApi = (
  mail: Outgoing,
  apiKey: string,
) => {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
};

/** Resend keeps an idempotency key for 24 hours, as long as a mail is tried. */
const resend: MailApi = ({ from, to, subject, text, html, key }, apiKey) => ({
  path: '/emails',
  headers: { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': key },
  body: { from, to, subject, text, html },
});

const postmark: MailApi = ({ from, to, subject, text, html, key }, apiKey) => ({
  path: '/email',
  headers: { 'X-Postmark-Server-Token': apiKey },
  body: { From: from, To: to, Subject: subject, TextBody: text, HtmlBody: html, Metadata: { key } },
});

/** Statuses that say that this very mail will never be taken. */
const FOR_GOOD = new Set([400, 413, 422]);

const httpSender = (api: MailApi, url: string, apiKey: string, from: string): MailSender => ({
  async send({ fromName, ...mail }) {
    const { path, headers, body } = api({ ...mail, from: mailbox(fromName, from) }, apiKey);
    try {
      const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // A body that is not read keeps one of the Worker's few connections.
      await response.body?.cancel();
      if (response.ok) return 'sent';
      return { failed: FOR_GOOD.has(response.status) ? 'for_good' : 'for_now', reason: `HTTP ${response.status}` };
    } catch (error) {
      return failure(error);
    }
  },
});

/** A provider's message may quote the address: only the kind of error, and a code if there is one, is recorded. */
function failure(error: unknown): SendFailure {
  const code = error instanceof Error && 'code' in error ? ` ${String(error.code)}` : '';
  return { failed: 'for_now', reason: error instanceof Error ? `${error.name}${code}` : 'unknown' };
}
