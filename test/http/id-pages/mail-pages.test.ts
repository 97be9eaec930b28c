// The pages that mails lead to: shown to anybody, changed by nothing but their own form, and without a script.
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import { mailsTo, newMailClient, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { loggedIn, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';
import { post } from '../../support/visitor.ts';

const PASSWORD = 'a new secret';
const TABLES = ['accounts', 'sessions', 'audit_events', 'mails', 'one_time_tokens', 'password_credentials'];

const client = newMailClient({ RATE_LIMITS: 'off' });

/** The path and query of the newest link to an address. */
function linkTo(email: string): string {
  const { pathname, search } = new URL(
    /https?:\/\/\S+token=\S+/.exec(mailsTo(client, email)[0]?.text ?? '')?.[0] ?? '',
  );
  return pathname + search;
}

const stored = async (): Promise<string> => {
  const rows = await client.env.DB.batch(TABLES.map((table) => client.env.DB.prepare(`SELECT * FROM ${table}`)));
  return JSON.stringify(rows.map(({ results }) => results));
};

/** The page as a mail scanner fetches it: twice, by GET and HEAD, and nothing is changed. */
async function scanned(link: string): Promise<Answer> {
  const before = await stored();
  await client.send('HEAD', link);
  await client.get(link);
  const page = await client.get(link);
  expect(await stored()).toBe(before);
  expect(page.status, page.text).toBe(200);
  expect(page.text).not.toMatch(/<script|style=/);
  return page;
}

/** Fills in and sends the only form of a page. */
function submit({ text }: Answer, typed: Record<string, string> = {}): Promise<Answer> {
  expect(text.match(/<form method="post"/g)).toHaveLength(1);
  const hidden = [...text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
  return post(client, /action="([^"]*)"/.exec(text)?.[1] ?? '', { ...fields, ...typed });
}

/** The page that a form led to. */
async function followed({ status, headers }: Answer): Promise<string> {
  expect(status).toBe(303);
  const location = headers.get('Location') ?? '';
  expect(location).not.toContain('token');
  return (await client.get(location)).text;
}

const verifiedNow = async (token: string) => (await client.get('/account', { token })).body.email_verified;

describe('/id/verify-email', () => {
  it('names the account and where it was made, and verifies when its button is pressed', async () => {
    const person = stranger();
    const headers = { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };
    await client.post('/api/register', person, { headers });
    const { access_token: token } = (await client.post('/api/login', person)).body;
    const page = await scanned(linkTo(person.email));
    for (const words of [person.email, person.username, 'Firefox on Linux']) expect(page.text).toContain(words);
    expect(await verifiedNow(token)).toBe(false);
    expect(await followed(await submit(page))).toContain('Your email is verified');
    expect(await verifiedNow(token)).toBe(true);
    const again = await submit(page);
    expect([again.status, again.headers.get('Content-Type')]).toEqual([400, 'text/html; charset=UTF-8']);
  });
});

describe('/id/forgot-password', () => {
  it('sends a link, and answers the same where nobody has the email', async () => {
    const { email } = await loggedIn(client);
    const page = await client.get('/id/forgot-password');
    const known = await submit(page, { email: ` ${email.toUpperCase()} ` });
    const unknown = await submit(page, { email: stranger().email });
    expect(await followed(known)).toBe(await followed(unknown));
    expect(linkTo(email)).toContain('/id/reset-password?token=');
  });

  it('asks again after an invalid email', async () => {
    const page = await submit(await client.get('/id/forgot-password'), { email: 'nobody"><script>' });
    expect(page.text).toContain('This is not an email address.');
    expect(page.text).toContain('value="nobody&quot;&gt;&lt;script&gt;"');
  });
});

describe('/id/reset-password', () => {
  it('sets the password when its form is sent', async () => {
    const { email } = await loggedIn(client);
    await client.post('/api/password/forgot', { email });
    const page = await scanned(linkTo(email));
    expect(page.text).toContain(`value="${email}"`);
    expect(await followed(await submit(page, { password: PASSWORD }))).toContain('Your new password is set');
    expect((await client.post('/api/login', { email, password: PASSWORD })).status).toBe(200);
  });

  it('says what is wrong with a password, and does not use the link up', async () => {
    const { email } = await loggedIn(client);
    await client.post('/api/password/forgot', { email });
    const page = await client.get(linkTo(email));
    const short = await submit(page, { password: 'short' });
    expect(short.text).toContain('at least 6 characters');
    expect((await submit(short, { password: 'x'.repeat(257) })).text).toContain('too long');
    await configure(client, { PASSWORD_BREACH_CHECK: 'common' });
    expect((await submit(short, { password: 'password' })).text).toContain('Others have used this password');
    await configure(client, { PASSWORD_BREACH_CHECK: null });
    expect((await submit(short, { password: PASSWORD })).status).toBe(303);
  });
});

describe('/id/undo-email', () => {
  it('explains the consequences, and undoes the change when its button is pressed', async () => {
    const { email, access_token: token } = await loggedIn(client);
    await verify(client, email);
    await client.patch('/api/me', { email: stranger().email }, { token });
    const page = await scanned(linkTo(email));
    expect(page.text).toContain(email);
    expect(page.text).toContain('the password no longer works');
    expect(await followed(await submit(page))).toContain('The change is undone');
    expect((await client.get('/account', { token })).body).toMatchObject({ email, email_verified: true });
  });
});

const LINK_PAGES = ['/id/verify-email', '/id/reset-password', '/id/undo-email'];

describe.each(LINK_PAGES)('%s', (path) => {
  it.each(['', 'garbage', '%00', 'A'.repeat(64), 'x'.repeat(2000)])('refuses the token %j', async (token) => {
    for (const answer of [
      await client.get(`${path}?token=${token}`),
      await post(client, path, { token: decodeURIComponent(token), password: PASSWORD }),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.text).toContain('This link no longer works');
    }
  });

  it('refuses a token that was mailed for something else', async () => {
    const { email } = await loggedIn(client);
    const verification = tokenMailedTo(client, email);
    await client.post('/api/password/forgot', { email });
    const reset = tokenMailedTo(client, email);
    const others = [
      ...(path === '/id/verify-email' ? [] : [verification]),
      ...(path === '/id/reset-password' ? [] : [reset]),
    ];
    for (const token of others) expect((await client.get(`${path}?token=${token}`)).status).toBe(400);
  });
});

describe.each([...LINK_PAGES, '/id/forgot-password'])('%s', (path) => {
  it('takes no form of another site', async () => {
    const { email } = await loggedIn(client);
    const form = { token: tokenMailedTo(client, email), email, password: PASSWORD };
    const before = await stored();
    for (const site of ['cross-site', 'same-site', 'none']) {
      const headers = { 'Sec-Fetch-Site': site, Origin: 'https://evil.example' };
      expect((await client.send('POST', path, { form, headers })).status).toBe(403);
    }
    expect((await client.send('POST', path, { form })).status, 'nor one that says nothing of where it is from').toBe(
      403,
    );
    expect(await stored()).toBe(before);
  });

  it('is 501 where no mail is configured, 405 for another method', async () => {
    const mute = newClient();
    expect((await mute.get(`${path}?token=x`)).status).toBe(501);
    expect((await post(mute, path, { token: 'x', email: 'a@example.com', password: PASSWORD })).status).toBe(501);
    const other = await client.send('DELETE', path);
    expect([other.status, other.headers.get('Content-Type')]).toEqual([405, 'text/html; charset=UTF-8']);
  });

  it('is never cached, and names its service', async () => {
    await configure(client, { SERVICE_NAME: 'Ada & <b>Co</b>' });
    const { headers, text } = await client.get(`${path}?done=1`);
    await configure(client, { SERVICE_NAME: null });
    expect(headers.get('Cache-Control')).toBe('no-store');
    expect(headers.get('Referrer-Policy')).toBe('no-referrer');
    expect(headers.get('Content-Security-Policy')).toContain("script-src 'self'");
    expect(text).toContain('Ada &amp; &lt;b&gt;Co&lt;/b&gt;');
    expect(text).not.toContain('<b>');
  });
});

it('an unknown page under /id is not found, as a page', async () => {
  const { status, headers } = await client.get('/id/nowhere');
  expect([status, headers.get('Content-Type')]).toEqual([404, 'text/html; charset=UTF-8']);
});

describe('/id/mails', () => {
  it('shows every mail in development', async () => {
    const { text } = await client.get('/id/mails');
    const paths = [...text.matchAll(/href="(\/id\/mails\/\w+)"/g)].map(([, path = '']) => path);
    expect(paths.length).toBeGreaterThan(15);
    for (const path of paths) {
      const mail = await client.get(path);
      expect(mail.status).toBe(200);
      expect(mail.headers.get('Content-Security-Policy')).toContain("default-src 'none'");
      expect(mail.text).toContain('Firefox on Linux');
      expect((await client.get(`${path}?as=text`)).text).toMatch(/^Subject: .+\n\n/);
    }
  });

  it('is not found outside of local development', async () => {
    const deployed = newClient({ ISSUER: 'https://auth.example.com' });
    for (const path of ['/id/mails', '/id/mails/password_reset']) expect((await deployed.get(path)).status).toBe(404);
  });
});
