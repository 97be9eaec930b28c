// A change of email is reported to the old address, whose reader can undo it, whatever a thief did since.
import { describe, expect, it } from 'vitest';
import { mailsTo, newMailClient, subjectsTo, tokenMailedTo, verify } from '../../support/mailbox.ts';
import { loggedIn, type Pair, type Person, stranger } from '../../support/people.ts';
import { addPasskey, passkeyLogin } from '../../support/soft-authenticator.ts';

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const PASSWORD = 'a new secret';

const client = newMailClient({ RATE_LIMITS: 'off' });

const account = async (token: string) => (await client.get('/account', { token })).body;
const logIn = (email: string, password: string) => client.post('/api/login', { email, password });
const undo = (token: string) => client.post('/api/email/undo', { token });
const forget = (email: string) => client.post('/api/password/forgot', { email });
const reset = (token: string) => client.post('/api/password/reset', { token, password: PASSWORD });

/** A person whose email is verified. */
async function verified(): Promise<Person & Pair> {
  const person = await loggedIn(client);
  await verify(client, person.email);
  return person;
}

/** Changes the email to a new one, and returns it. */
async function change(token: string): Promise<string> {
  const next = stranger().email;
  const { status, text } = await client.patch('/api/me', { email: next }, { token });
  expect(status, text).toBe(200);
  return next;
}

describe('a change of email', () => {
  it('is reported to both addresses, and undone from the old one', async () => {
    const { email, password, access_token: token } = await verified();
    const next = await change(token);
    expect(subjectsTo(client, email)[0]).toBe('Your email at Latchkey was changed');
    expect(subjectsTo(client, next)).toEqual(['Verify your email for Latchkey']);
    expect((await account(token)).email_verified).toBe(false);
    expect(await undo(tokenMailedTo(client, email))).toMatchObject({ status: 200, body: { email } });
    expect(await account(token)).toMatchObject({ email, email_verified: true });
    expect((await logIn(email, password)).body.code).toBe('invalid_credentials');
    expect((await client.post('/api/email/verify', { token: tokenMailedTo(client, next) })).status).toBe(400);
  });

  it('sends nothing to an address that was never verified', async () => {
    const { email, access_token: token } = await loggedIn(client);
    await change(token);
    expect(mailsTo(client, email)).toHaveLength(1);
  });

  it('reserves the old address for a week, except for the account itself', async () => {
    const { email, access_token: token } = await verified();
    await change(token);
    const taken = { status: 409, body: { code: 'email_taken' } };
    expect(await client.post('/api/register', { ...stranger(), email })).toMatchObject(taken);
    const { access_token: other } = await loggedIn(client);
    expect(await client.patch('/api/me', { email }, { token: other })).toMatchObject(taken);
    client.clock.advance(7 * DAY_MS);
    expect((await client.post('/api/register', { ...stranger(), email })).status).toBe(201);
    const second = await verified();
    await change(second.access_token);
    expect((await client.patch('/api/me', { email: second.email }, { token: second.access_token })).status).toBe(200);
  });

  it('is made at most ten times a day', async () => {
    const { access_token: token } = await loggedIn(client);
    for (let made = 0; made < 10; made += 1) await change(token);
    const refused = await client.patch('/api/me', { email: stranger().email }, { token });
    expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
    expect(refused.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
  });

  it('to another case counts as none', async () => {
    const { email, access_token: token } = await verified();
    await client.patch('/api/me', { email: email.toUpperCase() }, { token });
    expect((await account(token)).email_verified).toBe(true);
    expect(mailsTo(client, email)).toHaveLength(1);
  });
});

describe('an undo', () => {
  it('takes an account back from a thief who changed its email twice, its password, and added a passkey', async () => {
    const { email, access_token: token } = await verified();
    const first = await change(token);
    const link = tokenMailedTo(client, email);
    await verify(client, first);
    client.clock.advance(1000);
    const second = await change(token);
    const youngerLink = tokenMailedTo(client, first);
    await forget(second);
    expect((await reset(tokenMailedTo(client, second))).status).toBe(204);
    const { body: pair } = await logIn(second, PASSWORD);
    const { authenticator } = await addPasskey(client, pair.access_token);
    client.clock.advance(MINUTE_MS);
    await forget(second);
    const pendingReset = tokenMailedTo(client, second);

    expect((await undo(link)).body).toEqual({ email });
    expect((await client.post('/api/refresh', { refresh_token: pair.refresh_token })).status).toBe(401);
    expect((await logIn(email, PASSWORD)).status).toBe(401);
    expect((await passkeyLogin(client, authenticator)).status).toBe(401);
    expect((await undo(youngerLink)).body.code).toBe('invalid_one_time_token');
    expect((await reset(pendingReset)).body.code).toBe('invalid_one_time_token');
    expect(subjectsTo(client, second)[0]).toBe('Your email at Latchkey was changed back');

    client.clock.advance(MINUTE_MS);
    await forget(email);
    expect((await reset(tokenMailedTo(client, email))).status).toBe(204);
    expect((await logIn(email, PASSWORD)).status).toBe(200);
  });

  it('works once, and for a week', async () => {
    const { email, access_token: token } = await verified();
    await change(token);
    const link = tokenMailedTo(client, email);
    client.clock.advance(7 * DAY_MS - 1);
    expect((await undo(link)).status).toBe(200);
    expect((await undo(link)).body.code).toBe('invalid_one_time_token');
    const late = await verified();
    await change(late.access_token);
    client.clock.advance(7 * DAY_MS);
    expect((await undo(tokenMailedTo(client, late.email))).body.code).toBe('invalid_one_time_token');
  });

  it('of a cleared email brings it back', async () => {
    const { email, access_token: token } = await verified();
    expect((await client.patch('/api/me', { email: '' }, { token })).status).toBe(200);
    expect((await undo(tokenMailedTo(client, email))).body).toEqual({ email });
    expect(await account(token)).toMatchObject({ email, email_verified: true });
  });
});
