// Emails are verified by a mailed link, and a change can be undone by the address before it.
import { describe, expect, it } from 'vitest';
import { newMailClient, tokenMailedTo } from '../../support/mailbox.ts';
import { loggedIn, stranger } from '../../support/people.ts';

const client = newMailClient();
const account = async (token: string) => (await client.get('/account', { token })).body;

describe('a sign-up with an email', () => {
  it('sends a link that verifies it, once', async () => {
    const { email, access_token: token } = await loggedIn(client);
    expect((await account(token)).email_verified).toBe(false);
    const link = { token: tokenMailedTo(client, email) };
    const verified = await client.post('/api/email/verify', link);
    expect([verified.status, verified.body]).toEqual([200, { email }]);
    expect((await account(token)).email_verified).toBe(true);
    expect((await client.post('/api/email/verify', link)).body.code).toBe('invalid_one_time_token');
  });
});

describe('a change of email', () => {
  it('is told to both addresses, and undone by the one before', async () => {
    const { email, password, access_token: token } = await loggedIn(client);
    await client.post('/api/email/verify', { token: tokenMailedTo(client, email) });
    const next = stranger().email;
    expect((await client.patch('/api/me', { email: next }, { token })).status).toBe(200);
    expect((await account(token)).email_verified).toBe(false);
    expect((await client.post('/api/register', { email, password: 'another secret' })).body.code).toBe('email_taken');
    await client.post('/api/email/verify', { token: tokenMailedTo(client, next) });
    expect((await client.post('/api/email/undo', { token: tokenMailedTo(client, email) })).body).toEqual({ email });
    expect(await account(token)).toMatchObject({ email, email_verified: true });
    expect((await client.post('/api/login', { email, password })).body.code).toBe('invalid_credentials');
  });
});

describe('a forgotten password', () => {
  it('is set anew by a mailed link, which ends every session', async () => {
    const { email, refresh_token } = await loggedIn(client);
    expect((await client.post('/api/password/forgot', { email })).status).toBe(202);
    const reset = { token: tokenMailedTo(client, email), password: 'a new secret' };
    expect((await client.post('/api/password/reset', reset)).status).toBe(204);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect((await client.post('/api/login', { email, password: 'a new secret' })).status).toBe(200);
    expect((await client.post('/api/password/reset', reset)).body.code).toBe('invalid_one_time_token');
  });
});
