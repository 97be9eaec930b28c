// Chosen names appear as text in mails, and never as a header or markup.
import { expect, it } from 'vitest';
import { type Mail, mailsTo, newMailClient, verify } from '../../support/mailbox.ts';
import { loggedIn, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newMailClient({ RATE_LIMITS: 'off' });
const MARKUP = '"><img src=x onerror=alert(1)>';
/** An address that HTML's email input accepts, and mail programs would run if it were not escaped. */
const EMAIL = "a&b'{/}|`~@example.com";

const expectText = ({ subject, html, text }: Mail): void => {
  expect(subject).not.toMatch(/[\r\n\u2028\u2029\0]/);
  expect(html).not.toContain('<img');
  expect(html).not.toMatch(/onerror=alert\(1\)>/);
  expect(html).not.toMatch(/(?:src|href)="(?!http:\/\/localhost:8787\/id\/)/);
  expect(text).not.toMatch(/\r/);
};

it.each([
  MARKUP,
  'a\r\nBcc: all@example.com',
  '#{7*7} {{7*7}} %0d%0aBcc:',
  '</title><script>alert(1)</script>',
  '\u202eevil',
])('a service called %j', async (name) => {
  await configure(client, { SERVICE_NAME: name });
  const { email } = await loggedIn(client);
  await configure(client, { SERVICE_NAME: null });
  const [mail] = mailsTo(client, email);
  expect(mail).toBeDefined();
  if (!mail) return;
  expectText(mail);
  expect(mail.from.name).not.toMatch(/[\r\n]/);
  expect(mail.html).not.toContain('<script');
});

it('an email, a username, a user agent and an address of hostile characters', async () => {
  const headers = { 'User-Agent': `${MARKUP} Firefox/140.0`, 'CF-Connecting-IP': '203.0.113.7' };
  const { username, password } = { ...stranger(), username: MARKUP };
  const email = `${crypto.randomUUID().slice(0, 8)}${EMAIL}`;
  const person = { email, username: `${username}${crypto.randomUUID().slice(0, 8)}`, password };
  expect((await client.post('/api/register', person, { headers })).status).toBe(201);
  await verify(client, email);
  const { access_token: token } = (await client.post('/api/login', { email, password })).body;
  await client.patch('/api/me', { email: `x${email}` }, { token, headers });
  const mails = [...mailsTo(client, email), ...mailsTo(client, `x${email}`)];
  expect(mails).toHaveLength(3);
  for (const mail of mails) {
    expectText(mail);
    expect(mail.html).not.toContain(MARKUP);
    expect(mail.text).not.toContain('alert');
  }
  expect(mails[0]?.text).toContain(`is now x${email}.`);
  expect(mails[0]?.html).toContain('&amp;b&#39;');
});

it.each([
  'a@example.com\r\nBcc: all@example.com',
  'a@example.com, b@example.com',
  '"a\\r\\nBcc:x"@example.com',
  'a@b\u2028.com',
])('the address %j is refused', async (email) => {
  expect((await client.post('/api/register', { ...stranger(), email })).status).toBe(400);
  expect((await client.post('/api/password/forgot', { email })).status).toBe(400);
});
