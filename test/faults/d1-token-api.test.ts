// If any call to D1 fails or stalls, before or after it took effect, nothing is half-written and nothing revoked lives:
// the Token API.
import { describe, expect, it } from 'vitest';
import { newClient } from '../support/client.ts';
import { client, faulty, sound, type Try, underFaults } from '../support/faults.ts';
import { admin, loggedIn, type Person, stranger } from '../support/people.ts';

const { access_token: admins } = await admin(sound);

const login = async ({ email, password }: Pick<Person, 'email' | 'password'>) =>
  (await sound.post('/api/login', { email, password })).status;
const refresh = async (refresh_token: string) => (await sound.post('/api/refresh', { refresh_token })).status;

const OPERATIONS: Record<string, () => Promise<Try>> = {
  async register() {
    const { email, username, password } = stranger();
    return {
      call: () => client.post('/api/register', { email, username, password }),
      async holds({ status }) {
        const answered = await login({ email, password });
        expect([200, 401]).toContain(answered);
        if (status === 201) expect(answered).toBe(200);
      },
    };
  },
  async login() {
    const { email, password } = await loggedIn(sound);
    return {
      call: () => client.post('/api/login', { email, password }),
      async holds({ status, body }) {
        if (status === 200) expect(await refresh(body.refresh_token)).toBe(200);
      },
    };
  },
  async 'a wrong login'() {
    const { email, password } = await loggedIn(sound);
    return {
      call: () => client.post('/api/login', { email, password: 'not it' }),
      async holds({ status }) {
        expect(status).not.toBe(200);
        expect(await login({ email, password })).toBe(200);
      },
    };
  },
  async refresh() {
    const { refresh_token } = await loggedIn(sound);
    return {
      call: () => client.post('/api/refresh', { refresh_token }),
      async holds({ status, body }) {
        if (status === 200) expect(await refresh(body.refresh_token)).toBe(200);
      },
    };
  },
  async 'a refresh with a rotated token'() {
    const { refresh_token } = await loggedIn(sound);
    const { body: next } = await sound.post('/api/refresh', { refresh_token });
    sound.clock.advance(1);
    return {
      call: () => client.post('/api/refresh', { refresh_token }),
      async holds({ status }) {
        expect(status).not.toBe(200);
        if (status === 401) expect(await refresh(next.refresh_token)).toBe(401);
      },
    };
  },
  async logout() {
    const { refresh_token } = await loggedIn(sound);
    return {
      call: () => client.post('/api/logout', { refresh_token }),
      async holds({ status }) {
        if (status === 200) expect(await refresh(refresh_token)).toBe(401);
      },
    };
  },
  async rename() {
    const { id, access_token: token, ...before } = await loggedIn(sound);
    const after = stranger();
    return {
      call: () => client.put('/api/me', { email: after.email, username: after.username }, { token }),
      async holds({ status }) {
        const { body } = await sound.get('/api/me', { token });
        const { email, username } = status === 200 || body.email === after.email ? after : before;
        expect(body).toEqual({ id, email, username });
      },
    };
  },
  async 'a password change'() {
    const { access_token: token, email, password: before, refresh_token } = await loggedIn(sound);
    const { password: after } = stranger();
    const other = (await sound.post('/api/login', { email, password: before })).body.refresh_token;
    return {
      call: () => client.post('/api/password', { current_password: before, new_password: after }, { token }),
      async holds({ status }) {
        const changed = (await login({ email, password: after })) === 200;
        if (status === 204) expect(changed).toBe(true);
        expect(await login({ email, password: before })).toBe(changed ? 401 : 200);
        // The other sessions end with the old password, and the one that changed it goes on.
        expect(await refresh(other)).toBe(changed ? 401 : 200);
        expect(await refresh(refresh_token)).toBe(200);
      },
    };
  },
  async 'ending all other sessions'() {
    const { access_token: token, refresh_token, email, password } = await loggedIn(sound);
    const others = await Promise.all([1, 2].map(() => sound.post('/api/login', { email, password })));
    return {
      call: () => client.delete('/api/sessions', { token }),
      async holds({ status }) {
        const left = await Promise.all(others.map(({ body }) => refresh(body.refresh_token)));
        expect([
          [200, 200],
          [401, 401],
        ]).toContainEqual(left);
        if (status === 204) expect(left).toEqual([401, 401]);
        expect(await refresh(refresh_token)).toBe(200);
      },
    };
  },
  async deletion() {
    const { access_token: token, refresh_token, ...person } = await loggedIn(sound);
    return {
      call: () => client.delete('/api/me', { token }),
      async holds({ status }) {
        const answered = await login(person);
        if (status === 204) expect(answered).toBe(401);
        expect(await refresh(refresh_token)).toBe(answered);
      },
    };
  },
  async 'a deactivation'() {
    const { id, refresh_token, ...person } = await loggedIn(sound);
    return {
      call: () => client.patch(`/api/admin/users/${id}`, { active: false }, { token: admins }),
      async holds({ status }) {
        const answered = await login(person);
        expect([200, 403]).toContain(answered);
        if (status === 200) expect(answered).toBe(403);
        expect(await refresh(refresh_token)).toBe(answered === 403 ? 401 : 200);
      },
    };
  },
  async 'a demotion'() {
    const { id } = await admin(sound);
    return {
      call: () => client.patch(`/api/admin/users/${id}`, { role: 'user' }, { token: admins }),
      async holds({ status }) {
        const { body } = await sound.get(`/api/admin/users/${id}`, { token: admins });
        expect(['admin', 'user']).toContain(body.role);
        if (status === 200) expect(body.role).toBe('user');
        const changes = (
          await sound.get(`/api/admin/audit?user_id=${id}&action=account.role_changed`, { token: admins })
        ).body.events;
        expect(changes).toHaveLength(body.role === 'user' ? 1 : 0);
      },
    };
  },
  async "an admin's ending of all sessions of an account"() {
    const { id, refresh_token } = await loggedIn(sound);
    return {
      call: () => client.delete(`/api/admin/users/${id}/sessions`, { token: admins }),
      async holds({ status }) {
        const { sessions } = (await sound.get(`/api/admin/users/${id}/sessions`, { token: admins })).body;
        if (status === 204) expect(sessions).toEqual([]);
        expect(await refresh(refresh_token)).toBe(sessions.length === 1 ? 200 : 401);
      },
    };
  },
  async 'a change of settings'() {
    await sound.patch('/api/admin/settings', { PASSWORD_MIN_LENGTH: null }, { token: admins });
    return {
      call: () => client.patch('/api/admin/settings', { PASSWORD_MIN_LENGTH: 7 }, { token: admins }),
      async holds({ status }) {
        const { value } = (await sound.get('/api/admin/settings', { token: admins })).body.PASSWORD_MIN_LENGTH;
        if (status === 200) expect(value).toBe(7);
        // The values in force are recorded; KV was only changed where D1 confirmed the record.
        const [last] = (await sound.get('/api/admin/audit?action=setting.changed&limit=1', { token: admins })).body
          .events;
        if (value === 7) expect(last.detail).toMatchObject({ setting: 'PASSWORD_MIN_LENGTH', to: 7 });
      },
    };
  },
};

underFaults(OPERATIONS, 80);

describe('a refresh whose answer from D1 is lost', () => {
  it('is repeated, and is not taken for theft', async () => {
    const { refresh_token } = await loggedIn(sound);
    faulty.arm(0, 'is lost after');
    const { status, body } = await client.post('/api/refresh', { refresh_token });
    faulty.disarm();
    expect(status).toBe(200);
    expect(await refresh(body.refresh_token)).toBe(200);
  });

  it('is repeated a bounded number of times', async () => {
    const { refresh_token } = await loggedIn(sound);
    const down = newClient({
      DB: {
        withSession: () => ({ prepare: () => ({ bind: () => ({ all: lost }) }), getBookmark: () => null }),
      } as never,
    });
    expect((await down.post('/api/refresh', { refresh_token })).status).toBe(503);
    expect(tries).toBe(3);
  });
});

let tries = 0;
const lost = () => {
  tries += 1;
  return Promise.reject(new Error('D1_ERROR: Network connection lost.'));
};
