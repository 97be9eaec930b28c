// The mails that a local Worker sent, as wrangler's local explorer shows them.
import { setTimeout as sleep } from 'node:timers/promises';

export interface ReceivedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface Inbox {
  /** The newest mail to an address whose subject starts with `subject`; waits for it. */
  mail(email: string, subject: string): Promise<ReceivedMail>;
  /** The URL of that mail's link, on the origin of the Worker. */
  link(email: string, subject: string): Promise<string>;
}

interface Listed {
  readonly subject: string;
  readonly messageId: string;
  readonly to: readonly string[];
  readonly sentAt: string;
}

const TRIES = 100;
const PAUSE_MS = 100;

export function inboxOf(origin: string): Inbox {
  const api = `${origin}/cdn-cgi/local/explorer/api/local/email/sending`;
  const resultOf = async (query: string) => ((await (await fetch(api + query)).json()) as { result: unknown }).result;

  const newest = async (email: string, subject: string): Promise<Listed | undefined> =>
    ((await resultOf('')) as readonly Listed[])
      .filter((mail) => mail.to.includes(email) && mail.subject.startsWith(subject))
      .sort((a, b) => b.sentAt.localeCompare(a.sentAt))[0];

  const mail: Inbox['mail'] = async (email, subject) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const found = await newest(email, subject);
      if (found) return (await resultOf(`?email_id=${encodeURIComponent(found.messageId)}`)) as ReceivedMail;
      await sleep(PAUSE_MS);
    }
    throw new Error(`no mail “${subject}…” came for ${email}`);
  };

  return {
    mail,
    async link(email, subject) {
      const { text } = await mail(email, subject);
      const { pathname, search } = new URL(/https?:\/\/\S+[?&]token=\S+/.exec(text)?.[0] ?? '');
      return origin + pathname + search;
    },
  };
}
