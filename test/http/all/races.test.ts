// The stores decide between two concurrent calls: one of them wins, no update is lost, and no ended right still works.
import { env } from 'cloudflare:workers';
import { describe, expect, it } from 'vitest';
import { type Answer, newClient } from '../../support/client.ts';
import {
  admin,
  loggedIn,
  logIn,
  type Pair,
  type Person,
  registered,
  sessionToken,
  signedIn,
  stranger,
} from '../../support/people.ts';
import { RACE_TIMEOUT_MS, raced, statuses } from '../../support/race.ts';

const client = newClient({ RATE_LIMITS: 'off' });
const timeout = RACE_TIMEOUT_MS;

const rows = async <T>(sql: string, ...values: (string | number)[]): Promise<T[]> =>
  (
    await env.DB.prepare(sql)
      .bind(...values)
      .all<T>()
  ).results;

describe('two registrations of one name', () => {
  it('on any surfaces and in any case make one account', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const { username, email, password } = stranger();
      const answers = await start([
        () => client.post('/api/register', { email, password, username: username.toUpperCase() }),
        () => client.post('/auth/register', { username, email: email.toUpperCase(), password }),
        () => client.post('/user', { username: ` ${username} `, password, email: `x${email}` }),
        () => client.post('/user', { username, password, nickname: 'Ben' }),
      ]);
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      for (const { status } of answers) expect([201, 400, 409]).toContain(status);
      const made = await rows(
        'SELECT id FROM accounts WHERE username_key = ? OR email_key IN (?, ?)',
        username,
        email,
        `x${email}`,
      );
      expect(made).toHaveLength(1);
      return `made by ${answers.findIndex(({ status }) => status === 201)}`;
    });
  });
});

describe('two changes of an account’s own data', () => {
  it('are both kept', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const { username, token } = await signedIn(client);
      const answers = await start([
        ...['a', 'b', 'c', 'd'].map(
          (key) => () => client.patch(`/user/${username}`, { [key]: 1, shared: { [key]: 1 } }, { token }),
        ),
        () => client.patch(`/user/${username}`, { email: `moved-${username}@example.com` }, { token }),
      ]);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const { body } = await client.get(`/user/${username}`, { token });
      const all = { a: 1, b: 1, c: 1, d: 1 };
      expect(body).toEqual({ username, email: `moved-${username}@example.com`, ...all, shared: all });
      return 'kept';
    });
  });
});

type Ending = (person: Person & Pair, admin: Pair) => Promise<Answer>;

const endings: Record<string, Ending> = {
  'a deactivation by an admin': ({ id }, { access_token: token }) =>
    client.patch(`/api/admin/users/${id}`, { active: false }, { token }),
  'the end of all its sessions by an admin': ({ id }, { access_token: token }) =>
    client.delete(`/api/admin/users/${id}/sessions`, { token }),
};

describe.each(Object.entries(endings))('a refresh racing %s', (_, end) => {
  it('leaves no live token', { timeout }, async ({ annotate }) => {
    const boss = await admin(client);
    await raced(annotate, async (start) => {
      const person = await loggedIn(client);
      const session = await sessionToken(client, person);
      const answers = await start([
        () => client.post('/api/refresh', { refresh_token: person.refresh_token }),
        () => end(person, boss),
      ]);
      expect(answers[1]?.status).toBeLessThan(300);
      const successor = answers[0]?.body.refresh_token;
      for (const token of [successor, person.refresh_token].filter(Boolean)) {
        expect((await client.post('/api/refresh', { refresh_token: token })).status).toBe(401);
      }
      expect((await client.get('/api/me', { token: session })).status).toBe(401);
      expect(await rows('SELECT id FROM sessions WHERE account_id = ? AND revoked_at IS NULL', person.id)).toEqual([]);
      return statuses(answers);
    });
  });
});

describe('a login', () => {
  it('with the old password that races its change leaves no session behind', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const { password, email, username, access_token: token } = await loggedIn(client);
      const answers = await start([
        () => client.post('/api/login', { email, password }),
        () => client.post('/auth', { username, password }),
        () => client.post('/api/password', { current_password: password, new_password: 'another secret' }, { token }),
      ]);
      expect(answers[2]?.status).toBe(204);
      const [pair, session] = [answers[0]?.body, answers[1]?.body];
      if (pair?.refresh_token)
        expect((await client.post('/api/refresh', { refresh_token: pair.refresh_token })).status).toBe(401);
      if (session?.token) expect((await client.get('/api/me', { token: session.token })).status).toBe(401);
      expect((await client.get('/api/sessions', { token })).body.sessions).toHaveLength(1);
      return statuses(answers);
    });
  });

  it('that races a deactivation leaves no session behind', { timeout }, async ({ annotate }) => {
    const { access_token: token } = await admin(client);
    await raced(annotate, async (start) => {
      const { id, email, username, password } = await registered(client);
      const answers = await start([
        () => client.post('/api/login', { email, password }),
        () => client.post('/auth', { username, password }),
        () => client.patch(`/api/admin/users/${id}`, { active: false }, { token }),
      ]);
      expect(answers[2]?.status).toBe(200);
      expect(await rows('SELECT id FROM sessions WHERE account_id = ? AND revoked_at IS NULL', id)).toEqual([]);
      return statuses(answers);
    });
  });
});

describe('a session token in use', () => {
  it('writes nothing after the end of its session was answered', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      const person = await signedIn(client);
      const { access_token } = await logIn(client, person);
      const use = (n: number) => () => client.patch(`/user/${person.username}`, { n }, { token: person.token });
      const answers = await start([
        use(1),
        use(2),
        () => client.delete('/api/sessions', { token: access_token }),
        use(3),
      ]);
      expect(answers[2]?.status).toBe(204);
      for (const { status } of answers) expect([200, 204, 401]).toContain(status);
      expect((await use(4)()).status).toBe(401);
      expect((await client.get('/', { token: person.token })).body).toEqual({ message: 'Hello World' });
      return statuses(answers);
    });
  });
});

describe('admins who take the role from each other', () => {
  it('leave one, however they do it', { timeout }, async ({ annotate }) => {
    await raced(annotate, async (start) => {
      await env.DB.prepare("UPDATE accounts SET role = 'user' WHERE role = 'admin'").run();
      const [a, b, c] = [await admin(client), await admin(client), await admin(client)];
      const change = (by: Pair, of: Person, json: object) => () =>
        client.patch(`/api/admin/users/${of.id}`, json, { token: by.access_token });
      const answers = await start([
        change(a, b, { role: 'user' }),
        change(b, c, { active: false }),
        () => client.delete(`/user/${a.username}`, { token: c.access_token }),
        () => client.delete('/api/me', { token: b.access_token }),
        change(a, a, { role: 'user' }),
      ]);
      for (const { status } of answers) expect([200, 204, 401, 403, 404, 409]).toContain(status);
      expect((await rows("SELECT id FROM accounts WHERE role = 'admin' AND active = 1")).length).toBeGreaterThan(0);
      return statuses(answers);
    });
  });
});
