// A mailed link sets a forgotten password anew, which verifies the address and ends every session and link.
import { describe, expect, it } from 'vitest';
import { type MailClient, mailsTo, newMailClient, subjectsTo, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { admin, loggedIn, signedIn, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const MINUTE_MS = 60 * 1000;

const client = newMailClient();
const PASSWORD = 'a new secret';

const forget = (email: string, it: MailClient = client) => it.post('/api/password/forgot', { email });
const reset = (token: string, password = PASSWORD) => client.post('/api/password/reset', { token, password });
const logIn = (email: string, password: string) => client.post('/api/login', { email, password });

/** The mailed token of a person who forgot their password. */
async function forgotten(email: string): Promise<string> {
  expect((await forget(email)).status).toBe(202);
  return tokenMailedTo(client, email);
}

describe('a reset', () => {
  it('sets the password, verifies the email, ends every session and says so by mail', async () => {
    const { email, password, refresh_token, access_token } = await loggedIn(client);
    const { token: session } = (await client.post('/auth', { username: email.split('@')[0], password })).body;
    const token = await forgotten(email);
    expect((await reset(token)).status).toBe(204);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect((await client.get('/account', { token: session })).status).toBe(401);
    expect((await client.get('/account', { token: access_token })).body.email_verified).toBe(true);
    expect((await logIn(email, password)).status).toBe(401);
    expect((await logIn(email, PASSWORD)).status).toBe(200);
    expect((await reset(token)).body.code).toBe('invalid_one_time_token');
    expect(subjectsTo(client, email)[0]).toBe('Your password at Latchkey was set anew');
  });

  it('ends the other links of the account, a later one its earlier', async () => {
    const { email } = await loggedIn(client);
    const verification = tokenMailedTo(client, email);
    const first = await forgotten(email);
    client.clock.advance(MINUTE_MS);
    const second = await forgotten(email);
    expect((await reset(first)).body.code).toBe('invalid_one_time_token');
    expect((await reset(second)).status).toBe(204);
    const verified = await client.post('/api/email/verify', { token: verification });
    expect(verified.body.code).toBe('invalid_one_time_token');
  });

  it('is good for 30 minutes', async () => {
    const { email } = await loggedIn(client);
    const token = await forgotten(email);
    client.clock.advance(30 * MINUTE_MS);
    expect((await reset(token)).body.code).toBe('invalid_one_time_token');
    const next = await forgotten(email);
    client.clock.advance(30 * MINUTE_MS - 1);
    expect((await reset(next)).status).toBe(204);
  });

  it('lifts the lock of the login', async () => {
    const { email } = await loggedIn(client);
    for (let wrong = 0; wrong < 10; wrong += 1) await logIn(email, 'not it');
    expect((await logIn(email, 'not it')).status).toBe(429);
    await reset(await forgotten(email));
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('does not use the link up where the password is refused', async () => {
    const { email } = await loggedIn(client);
    const token = await forgotten(email);
    expect((await reset(token, 'short')).body.code).toBe('password_too_short');
    await configure(client, { PASSWORD_BREACH_CHECK: 'common' });
    expect((await reset(token, 'password')).body.code).toBe('password_breached');
    await configure(client, { PASSWORD_BREACH_CHECK: null });
    expect((await reset(token)).status).toBe(204);
  });

  it('gives an account its first password', async () => {
    const { id, email } = await loggedIn(client);
    await client.env.DB.prepare('DELETE FROM password_credentials WHERE account_id = ?').bind(id).run();
    expect((await reset(await forgotten(email))).status).toBe(204);
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('is for the address that the account has', async () => {
    const { email, access_token: token } = await loggedIn(client);
    const link = await forgotten(email);
    const next = stranger().email;
    await client.patch('/api/me', { email: next }, { token });
    expect((await reset(link)).body.code).toBe('invalid_one_time_token');
    expect((await logIn(next, PASSWORD)).status).toBe(401);
  });

  it('is no way past a deactivation', async () => {
    const { access_token: token } = await admin(client);
    const { id, email } = await loggedIn(client);
    const link = await forgotten(email);
    await client.patch(`/api/admin/users/${id}`, { active: false }, { token });
    expect((await reset(link)).body.code).toBe('invalid_one_time_token');
    await client.patch(`/api/admin/users/${id}`, { active: true }, { token });
    expect((await logIn(email, PASSWORD)).status).toBe(401);
  });

  it('is recorded, and so is its request', async () => {
    const { access_token: token } = await admin(client);
    const { id, email } = await loggedIn(client);
    await reset(await forgotten(email));
    const { events } = (await client.get(`/api/admin/audit?user_id=${id}`, { token })).body;
    const actions = events.map(({ action }: { action: string }) => action);
    expect(actions.filter((action: string) => action.startsWith('password.'))).toEqual([
      'password.reset',
      'password.reset_requested',
    ]);
  });
});

describe('forgot', () => {
  it('finds the account in any case of the email, and sends to the address as it is written there', async () => {
    const { email } = await loggedIn(client);
    await forget(`  ${email.toUpperCase()} `);
    expect(subjectsTo(client, email)[0]).toBe('Set a new password for Latchkey');
  });

  it('sends at most one mail a minute and five an hour, and answers the same', async () => {
    const { email } = await loggedIn(client);
    const sent = () => mailsTo(client, email).length - 1;
    for (let minute = 0; minute < 10; minute += 1) {
      expect((await forget(email)).status).toBe(202);
      expect((await forget(email)).status).toBe(202);
      client.clock.advance(MINUTE_MS);
    }
    expect(sent()).toBe(5);
    // The verification of the email has a limit of its own.
    const { token } = await signedIn(client);
    expect((await client.post('/api/email/verification', undefined, { token })).status).toBe(202);
  });

  it('sends nothing to accounts that it cannot help', async () => {
    const sent = client.mails.length;
    const { id, email } = await loggedIn(client);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    await forget(email);
    await forget(stranger().email);
    expect(client.mails.slice(sent).map(({ subject }) => subject)).toEqual(['Verify your email for Latchkey']);
  });

  it('is refused for an invalid email', async () => {
    expect((await forget('nobody')).body.code).toBe('invalid_body');
  });

  it('leads to an app of one’s own where PASSWORD_RESET_URL names it', async () => {
    const own = newMailClient({ PASSWORD_RESET_URL: 'https://app.example.com/reset' });
    const { email } = await loggedIn(own);
    await forget(email, own);
    expect(mailsTo(own, email)[0]?.text).toContain('https://app.example.com/reset?token=');
  });
});

describe('a change of the password', () => {
  it('is reported to the account’s address', async () => {
    const { email, password, access_token: token } = await loggedIn(client);
    await verify(client, email);
    const change = { current_password: password, new_password: PASSWORD };
    expect((await client.post('/api/password', change, { token })).status).toBe(204);
    expect(subjectsTo(client, email)[0]).toBe('Your password at Latchkey was changed');
    const wrong = { current_password: password, new_password: 'another secret' };
    expect((await client.post('/api/password', wrong, { token })).status).toBe(403);
    expect(mailsTo(client, email)).toHaveLength(2);
  });
});
