// Sending mail through a provider's HTTP API, in the form of Resend or of Postmark.
import type { MailSender, OutgoingMail, SendFailure } from '../../domain/mail/message.ts';
import { failureOf, TIMEOUT_MS } from './failure.ts';

type Outgoing = Omit<OutgoingMail, 'fromName'> & { readonly from: string };

/** How one provider is asked to send a mail. */
export type MailApi = (
  mail: Outgoing,
  apiKey: string,
) => {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
};

/** Resend recognises a key for 24 hours, as long as a mail is tried. */
export const resend: MailApi = ({ from, to, subject, text, html, key }, apiKey) => ({
  path: '/emails',
  headers: { Authorization: `Bearer ${apiKey}`, 'Idempotency-Key': key },
  body: { from, to, subject, text, html },
});

/** Postmark recognises no key; the metadata lets an operator find out whether a mail was sent twice. */
export const postmark: MailApi = ({ from, to, subject, text, html, key }, apiKey) => ({
  path: '/email',
  headers: { 'X-Postmark-Server-Token': apiKey },
  body: { From: from, To: to, Subject: subject, TextBody: text, HtmlBody: html, Metadata: { key } },
});

export const httpSender = (api: MailApi, url: string, apiKey: string, from: string): MailSender => ({
  async send({ fromName, ...mail }) {
    if (!isEncryptedOrLocal(url)) return { failed: 'for_now', reason: 'MAIL_API_URL is not https' };
    const { path, headers, body } = api({ ...mail, from: mailbox(fromName, from) }, apiKey);
    try {
      const response = await fetch(`${url.replace(/\/+$/, '')}${path}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(body),
        // A redirect would carry the mail elsewhere; workerd knows no 'error'.
        redirect: 'manual',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      // A body that is not read keeps one of the Worker's few connections.
      const answer = await response.text();
      return response.ok ? 'sent' : refusal(response.status, errorName(answer));
    } catch (error) {
      return failureOf(error);
    }
  },
});

const LOCAL = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Links in mails sign people in, and the key sends mails: neither crosses a network unencrypted. */
function isEncryptedOrLocal(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || LOCAL.has(hostname);
}

/** A name and an address (RFC 5322 §3.4). */
const mailbox = (name: string, address: string): string => `"${name.replaceAll(/[\\"]/g, '\\$&')}" <${address}>`;

/** Statuses that say that this very mail will never be taken. */
const FOR_GOOD = new Set([400, 413, 422]);

function refusal(status: number, name: string): 'sent' | SendFailure {
  // Resend took a mail of this key before, in other words: the service was renamed since, or a key rotated.
  if (status === 409 && name === 'invalid_idempotent_request') return 'sent';
  return { failed: FOR_GOOD.has(status) ? 'for_good' : 'for_now', reason: `HTTP ${status} ${name}`.trim() };
}

/** The stable word or number of an error; its message may quote the address. */
function errorName(answer: string): string {
  try {
    // Of any JSON, these two fields if they are there.
    const { name, ErrorCode } = JSON.parse(answer) as { readonly name?: unknown; readonly ErrorCode?: unknown };
    const word = String(name ?? ErrorCode ?? '');
    return /^\w{1,60}$/.test(word) ? word : '';
  } catch {
    return '';
  }
}
