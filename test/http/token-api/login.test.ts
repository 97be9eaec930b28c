// Login and logout of the Token API.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn, logIn, registered, stranger } from '../../support/people.ts';

const client = newClient();

describe('register', () => {
  it('makes an account, with and without the trailing slash', async () => {
    for (const path of ['/api/register', '/api/register/']) {
      const { email, password } = stranger();
      const { status, body } = await client.post(path, { email, password });
      expect({ status, body }).toEqual({ status: 201, body: { id: expect.any(Number), email } });
    }
  });

  it('refuses an email that is taken, in any case', async () => {
    const { email } = await registered(client);
    const { status, body } = await client.post('/api/register', { email: email.toUpperCase(), password: 'password' });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'email_taken' });
  });

  it('refuses a username that is taken before a password that is too short', async () => {
    const { username } = await registered(client);
    const { status, body } = await client.post('/api/register', {
      email: stranger().email,
      username: username.toUpperCase(),
      password: 'x',
    });
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'username_taken' });
  });

  it('lets exactly one of 20 concurrent registrations of an email through', async () => {
    const { email, password } = stranger();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/api/register', { email, password })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });
});

describe('login', () => {
  it('answers a pair for an email or a username, in any case', async () => {
    const { email, username, password } = await registered(client);
    for (const identifier of [{ email }, { username }, { email: ` ${email.toUpperCase()} ` }]) {
      const { status, body } = await client.post('/api/login/', { ...identifier, password });
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 30 });
    }
  });

  it('refuses a wrong password and an unknown account in the same words', async () => {
    const { email } = await registered(client);
    const wrong = await client.post('/api/login', { email, password: 'not it' });
    const unknown = await client.post('/api/login', { email: stranger().email, password: 'not it' });
    expect(wrong.status).toBe(401);
    expect(unknown.status).toBe(401);
    expect({ ...wrong.body, request_id: '' }).toEqual({ ...unknown.body, request_id: '' });
  });
});

describe('refresh', () => {
  it('exchanges the token for a new pair', async () => {
    const person = await loggedIn(client);
    const { status, body } = await client.post('/api/refresh/', { refresh_token: person.refresh_token });
    expect(status).toBe(200);
    expect(body.refresh_token).not.toBe(person.refresh_token);
  });
});

describe('logout', () => {
  it('ends the session, once', async () => {
    const person = await registered(client);
    const { refresh_token } = await logIn(client, person);
    const first = await client.post('/api/logout/', { refresh_token });
    expect({ status: first.status, body: first.body }).toEqual({ status: 200, body: { success: 'User logged out.' } });
    expect((await client.post('/api/logout/', { refresh_token })).status).toBe(401);
    expect((await client.post('/api/refresh/', { refresh_token })).status).toBe(401);
  });
});
