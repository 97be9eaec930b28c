// The mails of `npm run dev`, which are not sent: each is printed with its link, and can be read in the local explorer.
import { setTimeout as sleep } from 'node:timers/promises';

/** The sender's address in development. */
export const DEV_MAIL_FROM = 'no-reply@latchkey.example';

/** Where mails can be read. */
export const mailboxOf = (origin: string): string => `${origin}/cdn-cgi/local/explorer/email/sending`;

const POLL_MS = 1000;

interface Listed {
  readonly messageId: string;
  readonly subject: string;
  readonly to: readonly string[];
}

/** The lines of mails that were not printed yet, the oldest first. */
async function newLines(origin: string, printed: Set<string>): Promise<readonly string[]> {
  const api = `${origin}/cdn-cgi/local/explorer/api/local/email/sending`;
  const resultOf = async (query: string) => ((await (await fetch(api + query)).json()) as { result: unknown }).result;
  const mails = ((await resultOf('')) as readonly Listed[]).filter(({ messageId }) => !printed.has(messageId));
  const lines = mails.toReversed().map(async ({ messageId, subject, to }) => {
    printed.add(messageId);
    const { text = '' } = (await resultOf(`?email_id=${encodeURIComponent(messageId)}`)) as { text?: string };
    const link = /https?:\/\/\S+[?&]token=\S+/.exec(text)?.[0];
    return `✉ ${to.join(', ')}: ${subject}${link ? `\n  ${link}` : ''}\n  read it at ${mailboxOf(origin)}`;
  });
  return Promise.all(lines);
}

/** Prints each mail as it is sent, until the process ends. A server that does not answer is asked again. */
export async function printMails(origin: string): Promise<never> {
  const printed = new Set<string>();
  for (;;) {
    for (const line of await newLines(origin, printed).catch(() => [])) console.log(line);
    await sleep(POLL_MS, undefined, { ref: false });
  }
}
