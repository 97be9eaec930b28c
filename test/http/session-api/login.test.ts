// Login, logout and the greeting of the Session API.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn, registered, sessionToken, signedIn, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();
const HELLO = { message: 'Hello World' };

const told = ({ status, body }: { readonly status: number; readonly body?: { readonly code?: string } }) => ({
  status,
  code: body?.code,
});

describe('POST /user', () => {
  it('makes an account with the data that is sent along', async () => {
    const { username, password, email } = stranger();
    const { status, body, headers } = await client.post('/user', { username, password, email, nickname: 'Benny' });
    expect({ status, body }).toEqual({ status: 201, body: { username, email, nickname: 'Benny' } });
    expect(Object.keys(body)).toEqual(['username', 'email', 'nickname']);
    expect(headers.get('Cache-Control')).toBe('no-store');
  });

  it('takes a form, whose fields are text', async () => {
    const { username } = stranger();
    const { status, body } = await client.send('POST', '/user/', { form: { username, password: 'secret1', age: '7' } });
    expect({ status, body }).toEqual({ status: 201, body: { username, age: '7' } });
    expect(await sessionToken(client, { username, password: 'secret1' })).toEqual(expect.any(String));
  });

  it('trims and normalises names, and shows no email where none or an empty one is given', async () => {
    const { username } = stranger();
    for (const [index, email] of ['', ' ', null, undefined].entries()) {
      const { status, body } = await client.post('/user', {
        username: ` ﬁ${username}${index} `,
        password: 'secret1',
        email,
      });
      expect({ status, body }).toEqual({ status: 201, body: { username: `fi${username}${index}` } });
    }
  });

  it('refuses a name that is taken, before a password that is too short', async () => {
    const { username, email } = await registered(client);
    const nameTaken = await client.post('/user', { ...stranger(), username: username.toUpperCase(), password: 'x' });
    expect(told(nameTaken)).toEqual({ status: 409, code: 'username_taken' });
    const emailTaken = await client.post('/user', { ...stranger(), email: email.toUpperCase() });
    expect(told(emailTaken)).toEqual({ status: 409, code: 'email_taken' });
    expect(told(await client.post('/user', { ...stranger(), password: '12345' }))).toEqual({
      status: 400,
      code: 'password_too_short',
    });
  });

  it.each([
    ['no username', { username: undefined }, ['username']],
    ['a username with a slash', { username: 'a/b' }, ['username']],
    ['a username that is a number', { username: 1 }, ['username']],
    ['no password', { password: undefined }, ['password']],
    ['a password that is null', { password: null }, ['password']],
    ['an email that is none', { email: 'ben' }, ['email']],
    ['an email that is an object', { email: {} }, ['email']],
    ['a role and an id', { role: 'admin', id: 1 }, ['id', 'role']],
  ])('names what is wrong: %s', async (_, change, paths) => {
    const { status, body } = await client.post('/user', { ...stranger(), ...change });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_body' });
    expect(body.errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  it('is closed where REGISTRATION_OPEN is false', async () => {
    await configure(client, { REGISTRATION_OPEN: 'false' });
    expect(told(await client.post('/user', stranger()))).toEqual({ status: 403, code: 'registration_closed' });
    await configure(client, { REGISTRATION_OPEN: null });
  });

  it('lets exactly one of 20 concurrent ones of a name through', async () => {
    const { username } = stranger();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => client.post('/user', { username, password: 'secret1' })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
  });
});

describe('POST /auth', () => {
  it('answers a session token, to JSON and to a form, in any case of the name', async () => {
    const { username, password } = await registered(client);
    const credentials = { username: username.toUpperCase(), password };
    for (const sending of [{ json: credentials }, { form: credentials }]) {
      const { status, body } = await client.send('POST', '/auth', sending);
      expect({ status, body }).toEqual({
        status: 200,
        body: { token: expect.any(String), token_type: 'Bearer', expires_in: 24 * 60 * 60 },
      });
    }
  });

  it('tells how long the token lives', async () => {
    await configure(client, { SESSION_TOKEN_LIFETIME: '60' });
    const { username, password } = await registered(client);
    expect((await client.post('/auth/', { username, password })).body.expires_in).toBe(60);
    const token = await sessionToken(client, { username, password });
    client.clock.advance(60_000);
    expect(told(await client.delete('/auth', { token }))).toEqual({ status: 401, code: 'token_expired' });
    await configure(client, { SESSION_TOKEN_LIFETIME: null });
  });

  it('refuses a wrong password and an unknown account in the same words', async () => {
    const { username } = await registered(client);
    const wrong = await client.post('/auth', { username, password: 'not it' });
    const unknown = await client.post('/auth', { username: stranger().username, password: 'not it' });
    expect(told(wrong)).toEqual({ status: 401, code: 'invalid_credentials' });
    expect({ ...unknown.body, request_id: '' }).toEqual({ ...wrong.body, request_id: '' });
  });

  it('refuses an account that is disabled, and one that is locked', async () => {
    const { id, username, password } = await registered(client);
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    expect(told(await client.post('/auth', { username, password }))).toEqual({ status: 403, code: 'account_disabled' });
    for (let round = 0; round < 10; round += 1) await client.post('/auth', { username, password: 'not it' });
    expect(told(await client.post('/auth', { username, password }))).toEqual({
      status: 429,
      code: 'too_many_attempts',
    });
  });

  it.each([{}, { username: 'ben' }, { password: 'secret1' }, { username: 1, password: 'secret1' }, []])(
    'refuses %j',
    async (json) => {
      expect(told(await client.post('/auth', json))).toEqual({ status: 400, code: 'invalid_body' });
    },
  );
});

describe('DELETE /auth', () => {
  it('ends the session everywhere, once', async () => {
    const { token, username } = await signedIn(client);
    expect((await client.delete('/auth/', { token })).status).toBe(204);
    for (const path of ['/api/me', '/auth/status', `/user/${username}`])
      expect((await client.get(path, { token })).status).toBe(401);
    expect(told(await client.delete('/auth', { token }))).toEqual({ status: 401, code: 'token_revoked' });
  });

  it('with an access token ends its session', async () => {
    const { access_token: token, refresh_token } = await loggedIn(client);
    expect((await client.delete('/auth', { token })).status).toBe(204);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect(told(await client.delete('/auth', { token }))).toEqual({ status: 401, code: 'token_revoked' });
  });

  it('asks for a token', async () => {
    const { status, body, headers } = await client.delete('/auth');
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'token_required' });
    expect(headers.get('WWW-Authenticate')).toBe('Bearer');
  });
});

describe('GET /', () => {
  it('says Hello World with no token, with garbage and with a rotated one', async () => {
    const { token } = await signedIn(client);
    await client.delete('/auth', { token });
    for (const Authorization of ['garbage', '', 'Bearer garbage', 'Bearer', `Bearer ${token}`, `Basic ${token}`]) {
      const { status, body, headers } = await client.get('/', { headers: { Authorization } });
      expect({ status, body }).toEqual({ status: 200, body: HELLO });
      expect(headers.get('WWW-Authenticate')).toBeNull();
    }
    expect((await client.get('/')).body).toEqual(HELLO);
  });

  it('shows the username and the data to a live token of either kind', async () => {
    const { username, password, email } = stranger();
    await client.post('/user', { username, password, email, nickname: 'Benny' });
    const { access_token } = (await client.post('/api/login', { username, password })).body;
    for (const token of [access_token, await sessionToken(client, { username, password })]) {
      const { status, body } = await client.get('/', { token });
      expect({ status, body }).toEqual({ status: 200, body: { username, email, nickname: 'Benny' } });
    }
  });

  it('shows "" where there is no username', async () => {
    const { email, password } = stranger();
    await client.post('/api/register', { email, password });
    const { access_token: token } = (await client.post('/api/login', { email, password })).body;
    expect((await client.get('/', { token })).body).toEqual({ username: '', email });
  });

  it('greets a deactivated account as a stranger', async () => {
    const { access_token, id, username, password } = await loggedIn(client);
    const token = await sessionToken(client, { username, password });
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(id).run();
    for (const held of [access_token, token]) expect((await client.get('/', { token: held })).body).toEqual(HELLO);
  });
});
