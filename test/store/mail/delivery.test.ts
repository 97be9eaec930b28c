// A mail that was queued arrives, whatever its provider does: it is tried again with growing waits, for a day.
import { env } from 'cloudflare:workers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runJobs } from '../../../src/jobs.ts';
import { type MailClient, mailsTo, newMailClient, runJobsFor, verify } from '../../support/mailbox.ts';
import { registered } from '../../support/people.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

const rowOf = (email: string) => env.DB.prepare('SELECT * FROM mails WHERE recipient = ?').bind(email).first();

/** Lets the next sends of a client fail, and counts them. */
function failing(client: MailClient, times: number, error: unknown): { tries: number } {
  const count = { tries: 0 };
  client.before = () => {
    count.tries += 1;
    if (count.tries <= times) throw error;
  };
  return count;
}

describe('through the binding', () => {
  it('a mail that fails is tried again, later each time, and then leaves the outbox', async () => {
    const client = newMailClient();
    const count = failing(client, 3, Object.assign(new Error('no'), { code: 'E_INTERNAL_SERVER_ERROR' }));
    const { email } = await registered(client);
    const waits = [];
    for (let minute = 0; minute < 30; minute += 1) {
      const { tries } = count;
      await runJobsFor(client, 1);
      if (count.tries > tries) waits.push(minute + 1);
    }
    expect(count.tries).toBe(4);
    // After 1 to 1.5 minutes, 2 to 3 more, and 4 to 6 more.
    const [first = 0, second = 0, third = 0] = waits;
    expect(first).toBeLessThanOrEqual(2);
    expect(second - first).toBeGreaterThanOrEqual(2);
    expect(third - second).toBeGreaterThanOrEqual(4);
    expect(mailsTo(client, email)).toHaveLength(1);
    expect(await rowOf(email)).toBeNull();
    await verify(client, email);
  });

  it('a mail whose provider takes it and drops the connection is sent again, with the link that it had', async () => {
    const client = newMailClient();
    let dropped = false;
    client.after = () => {
      if (dropped) return;
      dropped = true;
      throw new TypeError('the connection was lost');
    };
    const { email } = await registered(client);
    await runJobsFor(client, 3);
    const [second, first] = mailsTo(client, email);
    expect(mailsTo(client, email)).toHaveLength(2);
    expect(second?.text).toBe(first?.text);
    await verify(client, email);
  });

  it('a mail is claimed by one of the deliveries that run at once', async () => {
    const client = newMailClient();
    failing(client, 1, new Error('no'));
    const { email } = await registered(client);
    client.clock.advance(2 * MINUTE_MS);
    await Promise.all(Array.from({ length: 5 }, () => runJobs(client.env, client.clock)));
    expect(mailsTo(client, email)).toHaveLength(1);
  });

  it('a mail whose Worker died before it was sent is sent by the job', async () => {
    const client = newMailClient();
    const { email } = await registered(client);
    client.mails.length = 0;
    // The state after a Worker was killed behind its batch: the row is there, and nothing was tried.
    await env.DB.prepare(
      `INSERT INTO mails (id, kind, account_id, recipient, detail, token_id, created_at, attempts, due_at)
       SELECT 'left', 'email_verification', account_id, email, '{"cause":"sign_up"}', id, created_at, 0, created_at
       FROM one_time_tokens WHERE email = ?`,
    )
      .bind(email)
      .run();
    await runJobsFor(client, 1);
    expect(mailsTo(client, email)).toHaveLength(1);
    await verify(client, email);
  });

  it('a mail is given up after a day, with an event, and not tried again', async () => {
    const client = newMailClient();
    const count = failing(client, Number.POSITIVE_INFINITY, new Error('quoting somebody@example.com'));
    const { id, email } = await registered(client);
    for (let hour = 0; hour < 26; hour += 1) {
      client.clock.advance(HOUR_MS);
      await runJobs(client.env, client.clock);
    }
    const { tries } = count;
    expect(tries).toBeGreaterThan(20);
    expect(await rowOf(email)).toMatchObject({ given_up_at: expect.any(Number), last_error: 'Error' });
    await runJobsFor(client, 3);
    expect(count.tries).toBe(tries);
    const events = env.DB.prepare('SELECT action, detail FROM audit_events WHERE account_id = ? AND action LIKE ?');
    const { results } = await events.bind(id, 'mail.%').all();
    expect(results).toEqual([{ action: 'mail.given_up', detail: '{"kind":"email_verification"}' }]);
  });

  it('a mail that the provider will never take is given up at once', async () => {
    const client = newMailClient();
    const count = failing(client, 9, Object.assign(new Error('x'), { code: 'E_RECIPIENT_SUPPRESSED' }));
    const { email } = await registered(client);
    await runJobsFor(client, 5);
    expect(count.tries).toBe(1);
    expect(await rowOf(email)).toMatchObject({ last_error: 'Error E_RECIPIENT_SUPPRESSED' });
  });
});

interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Record<string, string>;
}

/** Stands in for the provider on the network: it recognises keys, as Resend does. */
function provider(answer: (sent: Sent, number: number) => Response | Promise<Response>) {
  const asked: Sent[] = [];
  const delivered = new Map<string, Sent>();
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input, init);
    const sent = { url: request.url, headers: request.headers, body: (await request.json()) as Record<string, string> };
    asked.push(sent);
    const response = await answer(sent, asked.length);
    return response;
  });
  return { asked, delivered, take: (sent: Sent) => delivered.set(sent.headers.get('Idempotency-Key') ?? '', sent) };
}

afterEach(() => vi.restoreAllMocks());

const throughResend = (url = 'https://api.resend.test/') =>
  newMailClient({ MAIL_API_URL: url, MAIL_API: 'resend', MAIL_API_KEY: 'key' } as Partial<Env>);

describe('through a provider that takes keys', () => {
  it('a mail arrives once, though the provider answers 500, times out and drops the connection', async () => {
    const resend = provider((sent, number) => {
      if (number === 1) return new Response('{"name":"internal_server_error"}', { status: 500 });
      if (number === 2) throw new DOMException('', 'TimeoutError');
      resend.take(sent);
      if (number === 3) throw new TypeError('the connection was lost');
      return Response.json({ id: 'x' });
    });
    const client = throughResend();
    const { email } = await registered(client);
    await runJobsFor(client, 30);
    expect(resend.asked).toHaveLength(4);
    expect(resend.delivered.size).toBe(1);
    const [{ url, headers, body } = { url: '', headers: new Headers(), body: {} }] = resend.asked;
    expect(url).toBe('https://api.resend.test/emails');
    expect(headers.get('Authorization')).toBe('Bearer key');
    expect(body).toMatchObject({ to: email, from: '"Latchkey" <no-reply@latchkey.test>' });
    expect(Object.keys(body).sort()).toEqual(['from', 'html', 'subject', 'text', 'to']);
    expect(new Set(resend.asked.map((sent) => sent.headers.get('Idempotency-Key'))).size).toBe(1);
    expect(await rowOf(email)).toBeNull();
  });

  it('a redirect is not followed, and counts as a failure', async () => {
    const resend = provider(() => new Response(null, { status: 307, headers: { Location: 'https://evil.test' } }));
    const client = throughResend();
    const { email } = await registered(client);
    expect(resend.asked).toHaveLength(1);
    expect(await rowOf(email)).toMatchObject({ last_error: 'HTTP 307', given_up_at: null });
  });

  it('a mail that it refuses as invalid is given up, in words that quote nothing', async () => {
    provider(() => Response.json({ name: 'validation_error', message: 'bad somebody@example.com' }, { status: 422 }));
    const client = throughResend();
    const { email } = await registered(client);
    expect(await rowOf(email)).toMatchObject({
      last_error: 'HTTP 422 validation_error',
      given_up_at: expect.any(Number),
    });
  });
});

describe('through a provider without TLS', () => {
  it.each(['http://api.resend.test', 'http://localhost@api.resend.test', 'api.resend.test'])(
    'a mail waits, with the reason, where the URL is %s',
    async (url) => {
      const { asked } = provider(() => Response.json({}));
      const { email } = await registered(throughResend(url));
      expect(await rowOf(email)).toMatchObject({ last_error: 'MAIL_API_URL is not https', given_up_at: null });
      expect(asked).toEqual([]);
    },
  );

  it.each(['http://localhost:8025', 'http://127.0.0.1:8025', 'http://[::1]:8025/'])(
    '%s is this machine',
    async (url) => {
      const { asked } = provider(() => Response.json({}));
      await registered(throughResend(url));
      expect(asked).toHaveLength(1);
    },
  );
});

describe('through Postmark', () => {
  it('a mail has its form', async () => {
    const postmark = provider(() => Response.json({ ErrorCode: 0 }));
    const client = newMailClient({
      MAIL_API_URL: 'https://api.postmarkapp.test',
      MAIL_API: 'postmark',
      MAIL_API_KEY: 'key',
    } as Partial<Env>);
    const { email } = await registered(client);
    const [sent] = postmark.asked;
    expect(sent?.url).toBe('https://api.postmarkapp.test/email');
    expect(sent?.headers.get('X-Postmark-Server-Token')).toBe('key');
    expect(sent?.body).toMatchObject({ To: email, Subject: 'Verify your email for Latchkey' });
    expect(sent?.body.HtmlBody).toContain('<!doctype html>');
    expect(sent?.body.TextBody).toContain('token=');
  });
});
