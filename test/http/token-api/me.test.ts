// The caller's own account and sessions through the Token API.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, logIn, registered, stranger } from '../../support/people.ts';

const client = newClient();

describe('/api/me', () => {
  it('shows the account, with "" for what is not set', async () => {
    const { email, password } = stranger();
    const { body: made } = await client.post('/api/register', { email, password, username: '' });
    const { access_token } = await logIn(client, { email, password });
    const { status, body } = await client.get('/api/me/', { token: access_token });
    expect({ status, body }).toEqual({ status: 200, body: { id: made.id, username: '', email } });
  });

  it.each(['put', 'patch'] as const)('changes what is given by %s and leaves the rest', async (method) => {
    const { access_token: token, id, username, email } = await loggedIn(client);
    const renamed = `John Smith ${id}`;
    expect((await client[method]('/api/me/', { username: ` ${renamed} ` }, { token })).body).toEqual({
      id,
      username: renamed,
      email,
    });
    expect((await client[method]('/api/me', { email: `new${email}` }, { token })).body).toEqual({
      id,
      username: renamed,
      email: `new${email}`,
    });
    expect((await client[method]('/api/me', { username }, { token })).body).toEqual({
      id,
      username,
      email: `new${email}`,
    });
    expect((await client[method]('/api/me', {}, { token })).body).toEqual({ id, username, email: `new${email}` });
  });

  it('clears a name with "" or null, never the last', async () => {
    const { access_token: token, id, email } = await loggedIn(client);
    expect((await client.patch('/api/me', { username: '' }, { token })).body).toEqual({ id, username: '', email });
    for (const none of ['', null]) {
      const { status, body } = await client.patch('/api/me', { email: none }, { token });
      expect({ status, code: body.code }).toEqual({ status: 400, code: 'identity_required' });
    }
    expect((await client.patch('/api/me', { username: `back ${id}`, email: null }, { token })).body).toEqual({
      id,
      username: `back ${id}`,
      email: '',
    });
  });

  it('refuses names that others have', async () => {
    const other = await registered(client);
    const { access_token: token } = await loggedIn(client);
    for (const [change, code] of [
      [{ username: other.username.toUpperCase() }, 'username_taken'],
      [{ email: other.email }, 'email_taken'],
    ] as const) {
      const { status, body } = await client.put('/api/me', change, { token });
      expect({ status, code: body.code }).toEqual({ status: 409, code });
    }
  });

  it('deletes the account: its names are free, its tokens dead, its id never used again', async () => {
    const person = await loggedIn(client);
    expect((await client.delete('/api/me/', { token: person.access_token })).status).toBe(204);
    expect((await client.post('/api/login', { email: person.email, password: person.password })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    for (const [method, body] of [['GET'], ['DELETE'], ['PATCH', { username: 'ghost' }]] as const) {
      const answer = await client.send(method, '/api/me', { token: person.access_token, json: body });
      expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 401, code: 'token_revoked' });
    }
    const again = await client.post('/api/register', { email: person.email, password: person.password });
    expect(again.body.id).toBeGreaterThan(person.id);
  });

  it('keeps the last active admin', async () => {
    await client.env.DB.prepare("UPDATE accounts SET role = 'user'").run();
    const [first, second] = [await admin(client), await admin(client)];
    const answers = await Promise.all(
      [first, second].map(({ access_token }) => client.delete('/api/me', { token: access_token })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('last_admin');
  });
});

describe('/api/password', () => {
  it('changes the password and ends every other session', async () => {
    const person = await loggedIn(client);
    const other = await logIn(client, person);
    const change = { current_password: person.password, new_password: 'a new secret' };
    expect((await client.post('/api/password/', change, { token: person.access_token })).status).toBe(204);
    expect((await client.post('/api/refresh', { refresh_token: other.refresh_token })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
    expect((await client.post('/api/login', { email: person.email, password: person.password })).status).toBe(401);
    await logIn(client, { email: person.email, password: 'a new secret' });
  });

  it('refuses a wrong current password and a short new one, and changes nothing', async () => {
    const { password, access_token: token, email } = await loggedIn(client);
    const wrong = await client.post(
      '/api/password',
      { current_password: 'not it', new_password: 'a new secret' },
      { token },
    );
    expect({ status: wrong.status, code: wrong.body.code }).toEqual({ status: 403, code: 'wrong_password' });
    const short = await client.post('/api/password', { current_password: password, new_password: 'short' }, { token });
    expect({ status: short.status, code: short.body.code, path: short.body.errors[0].path }).toEqual({
      status: 400,
      code: 'password_too_short',
      path: 'new_password',
    });
    await logIn(client, { email, password });
  });
});

describe('/api/sessions', () => {
  it('lists the live ones, and which is current', async () => {
    const person = await loggedIn(client);
    const other = await logIn(client, person);
    await client.post('/api/logout', { refresh_token: (await logIn(client, person)).refresh_token });
    const { body } = await client.get('/api/sessions/', {
      token: other.access_token,
      headers: { 'CF-Connecting-IP': '203.0.113.7' },
    });
    expect(body.sessions).toHaveLength(2);
    expect(body.sessions.filter(({ current }: { current: boolean }) => current)).toEqual([
      expect.objectContaining({ kind: 'refresh', ip: null }),
    ]);
  });

  it('ends one of them, and none of another account', async () => {
    const person = await loggedIn(client);
    const other = await logIn(client, person);
    const { body } = await client.get('/api/sessions', { token: person.access_token });
    const { id } = body.sessions.find(({ current }: { current: boolean }) => !current);
    const thief = await loggedIn(client);
    for (const [token, path, status] of [
      [thief.access_token, id, 404],
      [person.access_token, crypto.randomUUID(), 404],
      [person.access_token, 'no-uuid', 404],
      [person.access_token, id, 204],
      [person.access_token, id, 404],
    ]) {
      expect((await client.delete(`/api/sessions/${path}/`, { token })).status).toBe(status);
    }
    expect((await client.post('/api/refresh', { refresh_token: other.refresh_token })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
  });

  it('ends all but this one', async () => {
    const person = await loggedIn(client);
    const others = [await logIn(client, person), await logIn(client, person)];
    expect((await client.delete('/api/sessions', { token: person.access_token })).status).toBe(204);
    for (const { refresh_token } of others)
      expect((await client.post('/api/refresh', { refresh_token })).status).toBe(401);
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(200);
  });
});
