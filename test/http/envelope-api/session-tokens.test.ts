// The operations that session tokens open in the Envelope API, and its answers to invalid ones.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { loggedIn, registered, signedIn, stranger } from '../../support/people.ts';
import { configure } from '../../support/settings.ts';

const client = newClient();
const LOGGED_OUT = { status: 200, body: { status: 'success', message: 'Successfully logged out.' } };
const BLACKLISTED = {
  status: 401,
  message: 'Token blacklisted. Please log in again.',
  challenge: expect.stringContaining('invalid_token'),
};

const refusalOf = async (method: string, path: string, headers: Record<string, string>) => {
  const { status, body, headers: answered } = await client.send(method, path, { headers });
  expect(body).toEqual({ status: 'error', message: expect.any(String) });
  return { status, message: body.message, challenge: answered.get('WWW-Authenticate') };
};
const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const logOut = async (token: string, method = 'GET') => {
  const { status, body } = await client.send(method, '/auth/logout', { token });
  return { status, body };
};

const PROTECTED = [
  ['GET', '/auth/status'],
  ['GET', '/auth/account'],
  ['GET', '/auth/logout'],
  ['POST', '/auth/logout'],
] as const;

describe.each(PROTECTED)('%s %s', (method, path) => {
  it('asks for a token where there is none', async () => {
    const logout = path === '/auth/logout';
    expect(await refusalOf(method, path, {})).toEqual({
      status: logout ? 403 : 401,
      message: 'Provide a valid auth token.',
      challenge: logout ? null : 'Bearer',
    });
  });

  it.each(['Bearer', 'Bearer ', 'invalid', 'Basic abc', 'Bearer a b', ''])(
    'refuses the malformed header %j',
    async (Authorization) => {
      const message = 'Bearer token malformed.';
      expect(await refusalOf(method, path, { Authorization })).toMatchObject({ status: 401, message });
    },
  );

  it('refuses an invalid token', async () => {
    const message = 'Invalid token. Please log in again.';
    const challenge = expect.stringContaining('error="invalid_token"');
    expect(await refusalOf(method, path, bearer('invalid'))).toEqual({ status: 401, message, challenge });
  });

  it('refuses an expired token', async () => {
    await configure(client, { SESSION_TOKEN_LIFETIME: '2' });
    const { token } = await signedIn(client);
    client.clock.advance(3000);
    const message = 'Signature expired. Please log in again.';
    expect(await refusalOf(method, path, bearer(token))).toMatchObject({ status: 401, message });
    await configure(client, { SESSION_TOKEN_LIFETIME: null });
  });

  it('refuses a token that was logged out', async () => {
    const { token } = await signedIn(client);
    expect(await logOut(token)).toEqual(LOGGED_OUT);
    expect(await refusalOf(method, path, bearer(token))).toEqual(BLACKLISTED);
  });

  it('refuses a token whose session was revoked', async () => {
    const person = await signedIn(client);
    const { access_token } = await loggedInAgain(person);
    expect((await client.delete('/api/sessions', { token: access_token })).status).toBe(204);
    expect(await refusalOf(method, path, bearer(person.token))).toEqual(BLACKLISTED);
  });

  it('refuses a token whose account was deleted or deactivated', async () => {
    const [deleted, deactivated] = [await signedIn(client), await signedIn(client)];
    await client.delete('/api/me', { token: deleted.token });
    await client.env.DB.prepare('UPDATE accounts SET active = 0 WHERE id = ?').bind(deactivated.id).run();
    for (const { token } of [deleted, deactivated])
      expect(await refusalOf(method, path, bearer(token))).toEqual(BLACKLISTED);
  });
});

const loggedInAgain = async ({ email, password }: { readonly email: string; readonly password: string }) =>
  (await client.post('/api/login', { email, password })).body;

describe('status and account', () => {
  it.each(['/auth/status', '/auth/account/'])('%s shows a logged-in user, with either kind of token', async (path) => {
    const { id, username, email, access_token, password } = await loggedIn(client);
    const { auth_token } = (await client.post('/auth/login', { email, password })).body;
    for (const token of [access_token, auth_token]) {
      const { status, body } = await client.get(path, { token });
      const created_at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect({ status, body }).toEqual({
        status: 200,
        body: { status: 'success', data: { id, username, email, active: true, created_at } },
      });
    }
  });
});

describe('logout', () => {
  it.each(['GET', 'POST'])('by %s ends the session at once', async (method) => {
    const { token } = await signedIn(client);
    expect(await logOut(token, method)).toEqual(LOGGED_OUT);
    expect(await logOut(token, method)).toMatchObject({ status: 401 });
  });

  it('with an access token ends its session, and its refresh token with it', async () => {
    const { access_token, refresh_token } = await loggedIn(client);
    expect(await logOut(access_token)).toEqual(LOGGED_OUT);
    expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect(await refusalOf('GET', '/auth/logout', bearer(access_token))).toEqual(BLACKLISTED);
  });

  it('lets exactly one of 20 concurrent ones through', async () => {
    const { token } = await signedIn(client);
    const answers = await Promise.all(Array.from({ length: 20 }, () => logOut(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(401)]);
  });

  it('ends no session by HEAD, which answers as GET would', async () => {
    const { token } = await signedIn(client);
    const { access_token } = await loggedIn(client);
    for (const held of [token, access_token]) {
      const { status, text } = await client.send('HEAD', '/auth/logout', { token: held });
      expect({ status, text }).toEqual({ status: 200, text: '' });
      expect(await logOut(held)).toEqual(LOGGED_OUT);
      expect((await client.send('HEAD', '/auth/logout', { token: held })).status).toBe(401);
    }
    expect((await client.send('HEAD', '/auth/logout')).status).toBe(403);
  });

  it('does not mind a body', async () => {
    const { username, password } = await registered(client);
    const { token } = (await client.post('/auth', { username, password })).body;
    expect((await client.post('/auth/logout', stranger(), { token })).status).toBe(200);
  });
});
