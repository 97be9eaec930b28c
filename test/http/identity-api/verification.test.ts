// An email is verified by the link that is mailed to it: at sign-up, after a change, and when its owner asks.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { mailsTo, newMailClient, subjectsTo, tokenIn, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { loggedIn, signedIn, stranger } from '../../support/people.ts';

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;

const client = newMailClient();
const isVerified = async (token: string) => (await client.get('/account', { token })).body.email_verified;
const ask = (token: string) => client.post('/api/email/verification', undefined, { token });

describe('a sign-up with an email', () => {
  it('sends a link that verifies it, once', async () => {
    const { email, access_token: token } = await loggedIn(client);
    expect(await isVerified(token)).toBe(false);
    const link = { token: tokenMailedTo(client, email) };
    const verified = await client.post('/api/email/verify', link);
    expect([verified.status, verified.body]).toEqual([200, { email }]);
    expect(await isVerified(token)).toBe(true);
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
  });

  it.each([
    ['/api/register', (person: object) => person],
    ['/auth/register', (person: object) => person],
    ['/user', (person: object) => person],
  ])('at %s sends one mail', async (path, body) => {
    const person = stranger();
    expect((await client.post(path, body(person))).status).toBe(201);
    expect(subjectsTo(client, person.email)).toEqual(['Verify your email for Latchkey']);
  });

  it('that is refused sends nothing, to nobody', async () => {
    const { email } = await loggedIn(client);
    const sent = client.mails.length;
    expect((await client.post('/api/register', { ...stranger(), email })).status).toBe(409);
    expect(client.mails).toHaveLength(sent);
  });

  it('sends nothing where there is no email, or no mail', async () => {
    const { username, password } = stranger();
    const sent = client.mails.length;
    expect((await client.post('/user', { username, password })).status).toBe(201);
    expect(client.mails).toHaveLength(sent);
    const mute = newClient();
    const { email } = await loggedIn(mute);
    const { results } = await mute.env.DB.prepare('SELECT id FROM mails WHERE recipient = ?').bind(email).all();
    expect(results).toEqual([]);
  });

  it('is described in the mail: the time, the address and the device, in fixed words', async () => {
    const person = stranger();
    const headers = {
      'CF-Connecting-IP': '203.0.113.7',
      'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    };
    await client.post('/api/register', person, { headers });
    const [mail] = mailsTo(client, person.email);
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain('203.0.113.7');
      expect(body).toContain('Firefox on Linux');
      expect(body).toContain(' UTC');
      expect(body).not.toContain(person.password);
    }
  });
});

describe('asking for a link', () => {
  it('sends one that ends the earlier one', async () => {
    const { email, access_token: token } = await loggedIn(client);
    const first = tokenMailedTo(client, email);
    expect(await ask(token)).toMatchObject({ status: 202, body: {} });
    const second = tokenMailedTo(client, email);
    expect(second).not.toBe(first);
    expect((await client.post('/api/email/verify', { token: first })).body.code).toBe('invalid_one_time_token');
    expect(await isVerified(token)).toBe(false);
    await verify(client, email);
    expect((await ask(token)).body.code).toBe('email_verified');
  });

  it('is for accounts with an email', async () => {
    const { username, password } = stranger();
    await client.post('/user', { username, password });
    const { token } = (await client.post('/auth', { username, password })).body;
    expect(await ask(token)).toMatchObject({ status: 409, body: { code: 'no_email' } });
  });

  it('is granted once a minute and five times an hour, whatever RATE_LIMITS is', async () => {
    const open = newMailClient({ RATE_LIMITS: 'off' });
    const { email, token } = await signedIn(open);
    const request = () => open.post('/api/email/verification', undefined, { token });
    expect((await request()).status).toBe(202);
    const early = await request();
    expect([early.status, early.body.code, early.headers.get('Retry-After')]).toEqual([429, 'too_many_requests', '60']);
    open.clock.advance(MINUTE_MS - 1);
    expect((await request()).headers.get('Retry-After')).toBe('1');
    for (let granted = 1; granted < 5; granted += 1) {
      open.clock.advance(MINUTE_MS);
      expect((await request()).status).toBe(202);
    }
    open.clock.advance(MINUTE_MS);
    const sixth = await request();
    expect(sixth.status).toBe(429);
    expect(Number(sixth.headers.get('Retry-After'))).toBeGreaterThan(50 * 60);
    // The mail of the sign-up does not count.
    expect(mailsTo(open, email)).toHaveLength(6);
    open.clock.advance(HOUR_MS);
    expect((await request()).status).toBe(202);
  });

  it('is granted to one of many that ask at once', async () => {
    const { email, token } = await signedIn(client);
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(429)]);
    expect(mailsTo(client, email)).toHaveLength(2);
  });

  it('is 501 where no mail is configured', async () => {
    const mute = newClient();
    const { token } = await signedIn(mute);
    const answer = await mute.post('/api/email/verification', undefined, { token });
    expect([answer.status, answer.body.code]).toEqual([501, 'mail_not_configured']);
    for (const [path, body] of [
      ['/api/email/verify', { token: 'x' }],
      ['/api/email/undo', { token: 'x' }],
      ['/api/password/forgot', { email: 'somebody@example.com' }],
      ['/api/password/reset', { token: 'x', password: 'a new secret' }],
    ] as const)
      expect((await mute.post(path, body)).status).toBe(501);
  });
});

describe('a link', () => {
  it('is good for 24 hours', async () => {
    const { email, access_token: token } = await loggedIn(client);
    const link = { token: tokenMailedTo(client, email) };
    client.clock.advance(24 * HOUR_MS);
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
    const again = await loggedIn(client);
    client.clock.advance(24 * HOUR_MS - 1);
    await verify(client, again.email);
    expect(token).toBeDefined();
  });

  it('ends with the address that it was sent to', async () => {
    const { email, access_token: token } = await loggedIn(client);
    const link = { token: tokenMailedTo(client, email) };
    const next = stranger().email;
    await client.patch('/api/me', { email: next }, { token });
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
    // Back at the address, the earlier link stays dead.
    await client.patch('/api/me', { email }, { token });
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
    expect(await isVerified(token)).toBe(false);
  });

  it('stays good when the email is written in another case', async () => {
    const { email, access_token: token } = await loggedIn(client);
    await client.patch('/api/me', { email: email.toUpperCase() }, { token });
    await verify(client, email);
    expect(await isVerified(token)).toBe(true);
    expect(mailsTo(client, email.toUpperCase())).toEqual([]);
  });

  it('verifies nothing for an account that is deactivated', async () => {
    const { id, email, access_token: token } = await loggedIn(client);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    const link = { token: tokenMailedTo(client, email) };
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
    await client.env.DB.prepare('UPDATE accounts SET active = 1 WHERE id = ?').bind(id).run();
    expect(await isVerified(token)).toBe(false);
  });

  it('leads to the pages of /id, or to an app of one’s own', async () => {
    const own = newMailClient({ EMAIL_VERIFY_URL: 'https://app.example.com/verify?from=mail#there' });
    const { email } = await loggedIn(own);
    const [mail] = mailsTo(own, email);
    expect(mail?.text).toContain(`https://app.example.com/verify?from=mail&token=${tokenIn(mail)}#there`);
    const { email: other } = await loggedIn(client);
    expect(mailsTo(client, other)[0]?.text).toContain('http://localhost:8787/id/verify-email?token=');
  });
});
