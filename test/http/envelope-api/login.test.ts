// The Envelope API as the clients of the Flask service know it.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { registered, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();
const JWT = expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/);
const error = (message: string) => ({ status: 'error', message });

const answerTo = async (path: string, json?: unknown) => {
  const { status, body, headers } = await client.post(path, json);
  expect(headers.get('Content-Type')).toBe('application/json');
  return { status, body };
};
const register = (json?: unknown) => answerTo('/auth/register', json);
const logIn = (json?: unknown) => answerTo('/auth/login', json);

describe('registration', () => {
  it('makes an account and logs it in', async () => {
    const person = stranger();
    const answer = await register(person);
    expect(answer).toEqual({
      status: 201,
      body: { status: 'success', message: 'Successfully registered.', auth_token: JWT },
    });
    const { body } = await client.get('/auth/status', { token: answer.body.auth_token });
    expect(body.data).toMatchObject({ username: person.username, email: person.email });
  });

  it('accepts the password 123456', async () => {
    expect((await register({ ...stranger(), password: '123456' })).status).toBe(201);
  });

  it('refuses a duplicate email and a duplicate username, in any case', async () => {
    const { email, username } = await registered(client);
    for (const taken of [
      { email },
      { username },
      { email: email.toUpperCase() },
      { username: username.toUpperCase() },
    ]) {
      const answer = await register({ ...stranger(), ...taken });
      expect(answer).toEqual({ status: 400, body: error('Sorry. That user already exists.') });
    }
  });

  it('tells a name that is taken before a password that is too short', async () => {
    const { email } = await registered(client);
    expect((await register({ ...stranger(), email, password: '12345' })).body).toEqual(
      error('Sorry. That user already exists.'),
    );
    expect(await register({ ...stranger(), password: '12345' })).toEqual({
      status: 400,
      body: error('Invalid payload.'),
    });
  });

  it('refuses an empty body', async () => {
    for (const body of [undefined, {}, null, [], 'text', 1]) {
      expect(await register(body)).toEqual({ status: 400, body: error('Invalid payload.') });
    }
  });

  it.each([
    ['without username', { username: undefined }],
    ['with an empty username', { username: ' ' }],
    ['with a null username', { username: null }],
    ['without email', { email: undefined }],
    ['with an email that is none', { email: 'ben' }],
    ['with an email of another type', { email: 1 }],
    ['without password', { password: undefined }],
    ['with an empty password', { password: '' }],
    ['with a password of another type', { password: 123456 }],
  ])('refuses one %s', async (_, change) => {
    expect(await register({ ...stranger(), ...change })).toEqual({ status: 400, body: error('Invalid payload.') });
  });

  it('takes {email, password} alone where USERNAME_REQUIRED is false', async () => {
    await configure(client, { USERNAME_REQUIRED: 'false' });
    const { email, password } = stranger();
    const { status, body } = await register({ email, password });
    expect(status).toBe(201);
    expect((await client.get('/auth/account', { token: body.auth_token })).body.data).toMatchObject({
      username: '',
      email,
    });
    expect((await register(stranger())).status).toBe(201);
    expect((await register({ ...stranger(), username: 'a@b' })).status).toBe(400);
    await configure(client, { USERNAME_REQUIRED: null });
    expect((await register({ email: stranger().email, password })).status).toBe(400);
  });

  it('is closed where REGISTRATION_OPEN is false', async () => {
    await configure(client, { REGISTRATION_OPEN: 'false' });
    expect(await register(stranger())).toEqual({ status: 403, body: error('Registration is closed.') });
    await configure(client, { REGISTRATION_OPEN: null });
  });

  it('lets exactly one of 20 concurrent ones of a name through, with exactly one session', async () => {
    const person = stranger();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(person)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(400)]);
    const winner = answers.find(({ status }) => status === 201);
    const { body } = await client.get('/api/sessions', { token: winner?.body.auth_token });
    expect(body.sessions).toEqual([expect.objectContaining({ kind: 'session', current: true })]);
  });
});

describe('login', () => {
  it('of a registered user answers a token', async () => {
    const { email, password } = await registered(client);
    const answer = await logIn({ email: email.toUpperCase(), password });
    expect(answer).toEqual({
      status: 200,
      body: { status: 'success', message: 'Successfully logged in.', auth_token: JWT },
    });
  });

  it('of a user who is not registered is 404, as a wrong password is', async () => {
    const { email } = await registered(client);
    const nobody = await logIn({ email: stranger().email, password: '123456' });
    expect(nobody).toEqual({ status: 404, body: error('User does not exist.') });
    expect(await logIn({ email, password: 'not it' })).toEqual(nobody);
  });

  it.each([undefined, {}, [], { email: 'a@example.com' }, { password: '123456' }, { email: 1, password: '123456' }])(
    'refuses %j',
    async (body) => {
      expect(await logIn(body)).toEqual({ status: 400, body: error('Invalid payload.') });
    },
  );

  it('of an account that is disabled is 403, after the right password only', async () => {
    const { id, email, password } = await registered(client);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    expect(await logIn({ email, password })).toEqual({ status: 403, body: error('Account disabled.') });
    expect(await logIn({ email, password: 'not it' })).toEqual({ status: 404, body: error('User does not exist.') });
  });

  it('of an account that is locked is 429 with Retry-After', async () => {
    const { email, password } = await registered(client);
    for (let round = 0; round < 10; round += 1) await logIn({ email, password: 'not it' });
    const { status, body, headers } = await client.post('/auth/login', { email, password });
    expect({ status, body }).toEqual({ status: 429, body: error('Too many attempts. Please try again later.') });
    expect(headers.get('Retry-After')).toBe('60');
  });
});
