// One account has one password and one set of sessions, whichever API made them.
import { describe, expect, it } from 'vitest';
import { newClient } from '../../support/client.ts';
import { admin, loggedIn, sessionToken, signedIn, stranger } from '../../support/people.ts';

const client = newClient();

type Names = { readonly email: string; readonly username: string; readonly password: string };

const SIGN_UPS = [
  ['/api/register', (person: Names) => client.post('/api/register', person)],
  ['/auth/register', (person: Names) => client.post('/auth/register', person)],
  ['/user', (person: Names) => client.post('/user', person)],
] as const;

const LOGINS = [
  [
    '/api/login by email',
    async ({ email, password }: Names) => (await client.post('/api/login', { email, password })).body.access_token,
  ],
  [
    '/api/login by username',
    async ({ username, password }: Names) =>
      (await client.post('/api/login', { username, password })).body.access_token,
  ],
  [
    '/auth/login',
    async ({ email, password }: Names) => (await client.post('/auth/login', { email, password })).body.auth_token,
  ],
  ['/auth', async ({ username, password }: Names) => (await client.post('/auth', { username, password })).body.token],
] as const;

describe.each(SIGN_UPS)('an account made by %s', (path, signUp) => {
  it.each(LOGINS)('logs in by %s, and its token opens every surface', async (_, logIn) => {
    const person = stranger();
    expect((await signUp(person)).status).toBe(201);
    const token = await logIn(person);
    const { username, email } = person;
    expect((await client.get('/api/me', { token })).body).toMatchObject({ username, email });
    expect((await client.get('/auth/status', { token })).body.data).toMatchObject({ username, email, active: true });
    expect((await client.get(`/user/${username}`, { token })).body).toEqual({ username, email });
    expect((await client.get('/', { token })).body).toEqual({ username, email });
  });

  it('has its names taken on every other', async () => {
    const person = stranger();
    await signUp(person);
    for (const [, again] of SIGN_UPS) {
      expect([400, 409]).toContain((await again({ ...stranger(), username: person.username.toUpperCase() })).status);
      expect([400, 409]).toContain((await again({ ...stranger(), email: person.email.toUpperCase() })).status);
    }
  });

  it.each([
    ['role', { role: 'admin', is_admin: true, admin: true }],
    ['active', { active: false }],
    ['id', { id: 1, user_id: 1, account_id: 1, sub: '1' }],
  ])('has no %s of its own choosing', async (_, chosen) => {
    const person = stranger();
    const { status } = await signUp({ ...person, ...chosen });
    // The Session API refuses them, since what it doesn't know is data; the others don't look.
    expect(status).toBe(path === '/user' ? 400 : 201);
    const account = await stored(person.username);
    if (path === '/user') expect(account).toBeNull();
    else expect(account).toMatchObject({ role: 'user', active: 1, data: '{}' });
    expect(account?.id).not.toBe(1);
  });
});

const stored = (username: string) =>
  client.env.DB.prepare('SELECT id, role, active, data FROM accounts WHERE username_key = ?')
    .bind(username)
    .first<{ readonly id: number; readonly role: string; readonly active: number; readonly data: string }>();

describe('an update', () => {
  it.each(['PUT /api/me', 'PATCH /api/me', 'PUT /user/{username}', 'PATCH /user/{username}'])(
    'gives nobody a role, another state or an id: %s',
    async (operation) => {
      const { username, password, token, id } = await signedIn(client);
      const [method = '', path = ''] = operation.replace('{username}', username).split(' ');
      const before = await stored(username);
      for (const [field, value] of Object.entries({
        role: 'admin',
        active: false,
        id: 1,
        password_hash: 'x',
        passwordHash: 'x',
        username_key: 'x',
        accountId: 1,
        created_at: '2000-01-01T00:00:00.000Z',
      })) {
        await client.send(method, path, { json: { [field]: value, username }, token });
        await client.send(method, path, { json: { data: { [field]: value }, account: { [field]: value } }, token });
      }
      const after = await stored(username);
      expect({ id: after?.id, role: after?.role, active: after?.active }).toEqual({
        id,
        role: before?.role,
        active: before?.active,
      });
      expect((await client.get('/api/admin/settings', { token })).status).toBe(403);
      await sessionToken(client, { username, password });
    },
  );
});

describe('a password change', () => {
  it("ends the sessions of all surfaces but the caller's", async () => {
    const person = await loggedIn(client);
    const ended = [await sessionToken(client, person), (await client.post('/auth/login', person)).body.auth_token];
    const mine = await sessionToken(client, person);
    const change = { current_password: person.password, new_password: 'another secret' };
    expect((await client.post('/api/password', change, { token: mine })).status).toBe(204);
    for (const token of ended) {
      for (const path of ['/auth/status', `/user/${person.username}`, '/api/me'])
        expect((await client.get(path, { token })).status).toBe(401);
    }
    expect((await client.post('/api/refresh', { refresh_token: person.refresh_token })).status).toBe(401);
    expect((await client.get('/auth/status', { token: mine })).status).toBe(200);
    expect((await client.post('/auth/login', person)).status).toBe(404);
    expect((await client.post('/auth', { ...person, password: 'another secret' })).status).toBe(200);
  });
});

describe.each(['DELETE /api/me', 'DELETE /user/{username}', 'DELETE /user/{username} by an admin'])(
  'after %s',
  (operation) => {
    it('every token of the account is dead on every surface', async () => {
      const person = await loggedIn(client);
      const tokens = [
        person.access_token,
        await sessionToken(client, person),
        (await client.post('/auth/login', person)).body.auth_token,
      ];
      const by = operation.endsWith('admin') ? await sessionToken(client, await admin(client)) : tokens[1];
      const path = operation.replace('{username}', person.username).split(' ')[1] ?? '';
      expect((await client.delete(path, { token: by })).status).toBe(204);
      for (const token of tokens) {
        for (const read of ['/api/me', '/auth/status', '/auth/account', `/user/${person.username}`]) {
          expect((await client.get(read, { token })).status).toBe(401);
        }
        expect((await client.get('/auth/logout', { token })).status).toBe(401);
        expect((await client.delete('/auth', { token })).status).toBe(401);
        expect((await client.get('/', { token })).body).toEqual({ message: 'Hello World' });
      }
      for (const path of ['/api/refresh', '/api/logout']) {
        expect((await client.post(path, { refresh_token: person.refresh_token })).status).toBe(401);
      }
      for (const [, logIn] of LOGINS) expect(await logIn(person)).toBeUndefined();
    });
  },
);
